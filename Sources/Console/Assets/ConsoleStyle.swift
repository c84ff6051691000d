extension ConsoleAssets {
    /// Light and dark, by what the reader's system asks for.
    static let style = #"""
        :root { color-scheme: light dark; --line: #8883; --soft: #8881; --accent: #2563eb; --good: #15803d; --warn: #b45309; --bad: #dc2626;
          --bg: #fff; --panel: #f7f8fa; font: 14px/1.45 system-ui, sans-serif; }
        @media (prefers-color-scheme: dark) { :root { --accent: #60a5fa; --good: #4ade80; --warn: #fbbf24; --bad: #f87171; --bg: #111418; --panel: #181c21; } }
        * { box-sizing: border-box; } [hidden] { display: none !important; }
        body { margin: 0; background: var(--bg); }
        .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; z-index: 9; background: var(--bg); padding: .3rem .6rem; }
        .frame { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); min-height: 100vh; }
        nav { background: var(--panel); border-right: 1px solid var(--line); padding: .8rem; position: sticky; top: 0; height: 100vh; overflow: auto; }
        nav h1 { font-size: 1rem; margin: 0 0 .7rem; } nav h2 { font-size: .72rem; margin: 1rem 0 .2rem; opacity: .65; text-transform: uppercase; letter-spacing: .05em; }
        nav a { display: block; color: inherit; text-decoration: none; padding: .18rem .5rem; border-radius: 4px; }
        nav a:hover { background: var(--soft); } nav a[aria-current] { background: var(--accent); color: var(--bg); }
        nav input { width: 100%; }
        main { padding: .9rem 1.3rem 4rem; min-width: 0; outline: none; }
        header { display: flex; gap: .7rem; align-items: baseline; flex-wrap: wrap; margin-bottom: .5rem; } header h2 { margin: 0; font-size: 1.25rem; }
        .grow { flex: 1; } .quiet { opacity: .65; } .path { font: .82rem ui-monospace, monospace; opacity: .65; }
        .tools, .filters { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; margin: .5rem 0; }
        .filters label { display: grid; font-size: .78rem; opacity: .9; }
        input, select, textarea, button { font: inherit; color: inherit; }
        input, select, textarea { padding: .25rem .45rem; border: 1px solid var(--line); border-radius: 4px; background: var(--bg); max-width: 100%; }
        .filters input, .filters select { width: 9.5rem; }
        textarea { font: .85rem/1.4 ui-monospace, monospace; min-height: 4.5rem; width: 100%; }
        button, .button { padding: .28rem .8rem; border: 1px solid var(--line); border-radius: 4px; background: var(--panel); cursor: pointer; text-decoration: none; color: inherit; }
        button:hover { border-color: var(--accent); } button.primary { background: var(--accent); border-color: var(--accent); color: var(--bg); }
        button.danger { color: var(--bad); } button:disabled { opacity: .5; cursor: default; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .32rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        tbody tr:last-child td { border-bottom: 0; } th { font-size: .78rem; background: var(--panel); white-space: nowrap; }
        th button { all: unset; cursor: pointer; } th button:focus-visible { outline: 2px solid var(--accent); }
        tbody tr[tabindex] { cursor: pointer; } tbody tr[tabindex]:hover, tbody tr:focus { background: var(--soft); outline: none; box-shadow: inset 3px 0 var(--accent); }
        th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } td.moment { white-space: nowrap; }
        .id { font: .82rem ui-monospace, monospace; } .long { max-width: 26rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: block; }
        .badge { border: 1px solid currentColor; border-radius: 99px; padding: 0 .5rem; font-size: .8rem; white-space: nowrap; }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1rem; margin: .6rem 0; } dt { opacity: .65; } dd { margin: 0; overflow-wrap: anywhere; }
        pre { font: .82rem/1.4 ui-monospace, monospace; background: var(--panel); border-radius: 4px; padding: .5rem .7rem; overflow: auto; max-height: 24rem; margin: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: .8rem; } .card { border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; background: var(--panel); }
        .card { overflow-x: auto; } .card td { padding: .15rem .5rem .15rem 0; white-space: nowrap; } .card .long { max-width: 11rem; } .card h3 a { color: inherit; } .card h3 { margin: 0 0 .3rem; font-size: .95rem; } .card dl { margin: 0; }
        time { white-space: nowrap; } .card ul { margin: 0; padding-left: 1.1rem; } .figure { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
        dialog { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.3rem; width: min(38rem, 94vw); background: var(--bg); color: inherit; } dialog::backdrop { background: #0007; }
        dialog h2 { margin: 0 0 .3rem; font-size: 1.1rem; } .field { display: grid; gap: .15rem; margin: .6rem 0; } .field small { opacity: .7; } .field .bad { font-size: .85rem; }
        .required::after { content: " *"; color: var(--bad); }
        .notice { border: 1px solid currentColor; border-radius: 6px; padding: .5rem .8rem; margin: .6rem 0; }
        .signin { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; } .signin input { width: 100%; }
        #toast { position: fixed; right: 1rem; bottom: 1rem; background: var(--panel); border: 1px solid var(--good); border-radius: 6px; padding: .5rem .9rem; } #toast:empty { display: none; }
        @media (max-width: 52rem) { .frame { grid-template-columns: 1fr; } nav { position: static; height: auto; max-height: 40vh; } }
        """#
}
