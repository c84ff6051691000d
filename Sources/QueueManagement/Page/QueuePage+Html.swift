extension QueuePage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Queues · Atrium</title>
        <link rel="stylesheet" href="/admin/queues/style.css">
        <script src="/admin/queues/app.js" type="module"></script>
        </head>
        <body>
        <header>
          <h1><a href="/admin">Atrium</a> Queues</h1>
          <span id="overall" class="badge" hidden></span>
          <span id="live" class="muted" role="status" aria-live="polite"></span>
          <span class="push" id="who"></span>
          <button id="help-button" class="plain" title="Keys (?)" aria-label="Keys">?</button>
          <button id="sign-out" class="plain" hidden>Sign out</button>
        </header>
        <form id="sign-in" hidden>
          <h2>Sign in</h2>
          <p class="muted">For staff who may see the queues.</p>
          <label>E-mail <input name="email" type="email" autocomplete="username" required></label>
          <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
          <label id="code" hidden>Code of the second factor <input name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="8"></label>
          <p class="error" role="alert"></p>
          <button>Sign in</button>
        </form>
        <main id="main" hidden>
          <section aria-labelledby="queues-title">
            <h2 id="queues-title">All queues</h2>
            <div class="scroll"><table id="queues"><thead><tr>
              <th scope="col">Queue</th><th scope="col">Health</th><th scope="col" class="n">Waiting</th><th scope="col" class="n">Delayed</th>
              <th scope="col" class="n">Active</th><th scope="col" class="n">Completed</th><th scope="col" class="n">Failed</th><th scope="col"></th>
            </tr></thead><tbody></tbody></table></div>
          </section>
          <section aria-labelledby="chart-title">
            <h2 id="chart-title">Last hour</h2>
            <p id="chart-sum" class="muted"></p>
            <svg id="chart" role="img" aria-labelledby="chart-title chart-sum" viewBox="0 0 640 180" preserveAspectRatio="none"></svg>
            <p class="legend"><span class="dot completed"></span> completed <span class="dot failed"></span> failed, a minute</p>
          </section>
          <section aria-labelledby="jobs-title" class="wide">
            <h2 id="jobs-title">Jobs</h2>
            <div id="states" role="tablist" aria-label="State"></div>
            <form id="search" role="search">
              <label>Type <input id="type" maxlength="100" placeholder="send-email" autocomplete="off"></label>
              <label>Text in the data <input id="text" type="search" maxlength="200" placeholder="id or word  ( / )" autocomplete="off"></label>
              <button>Search</button>
              <button type="button" id="retry-all" class="plain" data-manage hidden>Retry all that match …</button>
              <button type="button" id="remove-all" class="plain danger" data-manage hidden>Remove all that match …</button>
            </form>
            <p id="jobs-error" class="error" role="alert"></p>
            <div class="scroll"><table id="jobs"><thead><tr>
              <th scope="col">Type</th><th scope="col">State</th><th scope="col" class="n">Priority</th><th scope="col" class="n">Attempts</th>
              <th scope="col">Since</th><th scope="col">Data</th>
            </tr></thead><tbody></tbody></table></div>
            <p><button id="more" class="plain" hidden>More</button> <span id="news" class="muted" role="status" aria-live="polite"></span></p>
          </section>
          <section aria-labelledby="schedules-title" class="wide">
            <h2 id="schedules-title">Schedules</h2>
            <div class="scroll"><table id="schedules"><thead><tr>
              <th scope="col">Schedule</th><th scope="col">Job</th><th scope="col">When</th><th scope="col">Next</th><th scope="col">Last</th><th scope="col"></th>
            </tr></thead><tbody></tbody></table></div>
          </section>
        </main>
        <dialog id="job" aria-labelledby="job-title"><article></article></dialog>
        <dialog id="ask" aria-labelledby="ask-title"><form method="dialog">
          <h2 id="ask-title"></h2><p></p>
          <p class="buttons"><button value="no" class="plain">No</button> <button value="yes">Yes</button></p>
        </form></dialog>
        <dialog id="help" aria-labelledby="help-title"><form method="dialog"><h2 id="help-title">Keys</h2>
          <dl><dt>j k</dt><dd>next, previous job</dd><dt>Enter</dt><dd>open the job</dd><dt>/</dt><dd>search</dd>
          <dt>[ ]</dt><dd>previous, next queue</dd><dt>1 … 6</dt><dd>state</dd><dt>p</dt><dd>pause or resume the queue</dd>
          <dt>r x</dt><dd>retry, remove the job</dd><dt>u</dt><dd>look again</dd><dt>Esc</dt><dd>close</dd></dl>
          <p class="buttons"><button>Close</button></p></form></dialog>
        <div id="toast" role="status" aria-live="polite"></div>
        </body>
        </html>
        """

    static let style = """
        :root { color-scheme: light dark; --line: #8883; --soft: #8881; --accent: #2563eb; --good: #15803d; --bad: #dc2626; --warn: #b45309;
          --back: #fff; --card: #f8f9fb; --ink: #16181d; }
        @media (prefers-color-scheme: dark) { :root { --back: #14161a; --card: #1b1e24; --ink: #e8eaee; --accent: #6d9dfc; --good: #4ade80;
          --bad: #f87171; --warn: #fbbf24; } }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0; font: 14px/1.5 system-ui, sans-serif; background: var(--back); color: var(--ink); }
        header { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; padding: .6rem 1.2rem; border-bottom: 1px solid var(--line); }
        h1 { font-size: 1.05rem; margin: 0; } h1 a { color: inherit; opacity: .6; text-decoration: none; }
        h2 { font-size: .95rem; margin: 0 0 .5rem; }
        .push { margin-left: auto; } .muted { opacity: .7; } .error { color: var(--bad); min-height: 1.2em; margin: .3rem 0; }
        .error:empty { display: none; }
        main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1rem; padding: 1rem 1.2rem; max-width: 110rem; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; min-width: 0; }
        .wide { grid-column: 1 / -1; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th { text-align: left; font-weight: 600; opacity: .7; font-size: .8rem; }
        th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
        tbody tr:last-child td { border-bottom: 0; }
        td.data { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 28rem; font: 12px ui-monospace, monospace; opacity: .8; }
        .n { text-align: right; font-variant-numeric: tabular-nums; }
        tr[aria-selected="true"] td { background: color-mix(in srgb, var(--accent) 14%, transparent); }
        tr.link { cursor: pointer; } tr.link:hover td { background: var(--soft); }
        .badge { border-radius: 9px; padding: .05rem .55rem; font-size: .8rem; border: 1px solid currentColor; }
        .healthy, .completed { color: var(--good); } .warning, .delayed { color: var(--warn); } .critical, .failed { color: var(--bad); }
        .active { color: var(--accent); } .nought { color: color-mix(in srgb, currentColor 35%, transparent); }
        button { font: inherit; padding: .25rem .8rem; border: 1px solid var(--accent); border-radius: 5px; background: var(--accent); color: var(--back);
          cursor: pointer; }
        button.plain { background: transparent; color: inherit; border-color: var(--line); } button.danger { color: var(--bad); }
        button:disabled { opacity: .5; cursor: default; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        input { font: inherit; padding: .25rem .5rem; border: 1px solid var(--line); border-radius: 5px; background: var(--back); color: inherit; }
        #search { display: flex; gap: .7rem; flex-wrap: wrap; align-items: end; margin: .6rem 0; }
        #search label { font-size: .8rem; display: grid; gap: .15rem; } #text { width: 16rem; }
        #states { display: flex; gap: .3rem; flex-wrap: wrap; }
        #states button { background: transparent; color: inherit; border-color: var(--line); }
        #states button[aria-selected="true"] { border-color: var(--accent); box-shadow: inset 0 -2px var(--accent); }
        #chart { width: 100%; height: 11rem; display: block; } #chart rect.completed { fill: var(--good); } #chart rect.failed { fill: var(--bad); }
        #chart line { stroke: var(--line); vector-effect: non-scaling-stroke; }
        .legend { margin: .3rem 0 0; font-size: .8rem; } .dot { display: inline-block; width: .7em; height: .7em; border-radius: 2px; background: currentColor; }
        #sign-in { max-width: 22rem; margin: 12vh auto; display: grid; gap: .7rem; padding: 1.4rem; border: 1px solid var(--line); border-radius: 8px;
          background: var(--card); } #sign-in label:not([hidden]) { display: grid; gap: .2rem; } #sign-in h2, #sign-in p { margin: 0; }
        dialog { border: 1px solid var(--line); border-radius: 8px; background: var(--back); color: inherit; padding: 1rem 1.2rem; max-width: min(60rem, 94vw);
          max-height: 90vh; overflow: auto; } dialog::backdrop { background: #0008; } #job { width: 60rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0; } dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
        pre { background: var(--soft); padding: .6rem; border-radius: 5px; overflow: auto; max-height: 20rem; font: 12px/1.5 ui-monospace, monospace; }
        .buttons { display: flex; gap: .6rem; justify-content: end; margin: .8rem 0 0; }
        progress { width: 8rem; } td.wrap { white-space: normal; overflow-wrap: anywhere; }
        #toast { position: fixed; bottom: 1rem; right: 1rem; background: var(--ink); color: var(--back); padding: .5rem 1rem; border-radius: 6px; }
        #toast:empty { display: none; }
        @media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
        """
}
