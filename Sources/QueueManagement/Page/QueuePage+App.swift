extension QueuePage {
    /// What the page shows and does.
    static let app = #"""
        import { ask as request, listen, may, signIn, signOut, user } from "/admin/client.js";
        import { $, at, badge, chart, count, detail, sure, time, toast } from "/admin/queues/parts.js";

        const root = "/admin/queue-management", states = ["all", "waiting", "delayed", "active", "completed", "failed"];
        let stats = [], health = new Map(), queue = null, state = "all", jobs = [], cursor = null, selected = -1, watching = null, stale = 0;
        const manages = () => may("queues:manage");
        const own = () => `${root}/${encodeURIComponent(queue)}`;
        const ask = (method, path, body) => request(method, path, body === undefined ? {} : { body: JSON.stringify(body) });

        // Session

        at("sign-in").addEventListener("submit", async event => {
          event.preventDefault();
          const form = event.target, error = form.querySelector(".error");
          error.textContent = "";
          try {
            await signIn(form.email.value.trim(), form.password.value, form.code.value.trim());
            form.reset();
            await begin();
          } catch (refusal) {
            if (refusal.code === "two_factor_required") { at("code").hidden = false; form.code.focus(); }
            error.textContent = refusal.message;
          }
        });
        at("sign-out").addEventListener("click", async () => { try { await signOut(); } finally { begin(); } });

        /** Does something of the reader's; what is refused he is told. */
        const attempt = async (action, tell = toast) => {
          try { return await action(); } catch (refusal) {
            if (!user()) begin(); else tell(refusal.status === 403 ? "You may not do this." : refusal.message);
          }
        };

        async function begin() {
          const isIn = Boolean(user());
          at("sign-in").hidden = isIn;
          at("main").hidden = at("sign-out").hidden = !isIn;
          at("who").textContent = isIn ? (user().email || "") + (manages() ? "" : " · read only") : "";
          watching && watching.abort();
          if (!isIn) { at("overall").hidden = true; at("live").textContent = ""; return at("sign-in").email.focus(); }
          for (const button of document.querySelectorAll("[data-manage]")) button.hidden = !manages();
          await attempt(async () => {
            show((await ask("GET", root + "/stats")).data);
            watch();
            await Promise.all([judge(), throughput(), schedules(), list()]);
          });
        }

        // Live

        async function watch() {
          const mine = watching = new AbortController();
          while (!mine.signal.aborted) {
            try {
              await listen(root + "/stream", (name, data) => {
                at("live").textContent = "● live";
                if (name === "stats") show(data); else change(data);
              }, mine.signal);
            } catch (refusal) {
              if (mine.signal.aborted) return;
              if (!user()) return begin();
              at("live").textContent = "○ " + refusal.message;
              await new Promise(wake => setTimeout(wake, 3000));
            }
          }
        }
        setInterval(() => { if (user()) { judge(); throughput(); } }, 30000);

        function change(job) {
          if (job.queue !== queue) return;
          const known = jobs.find(other => other.id === job.id);
          if (known && known.state !== job.state) { Object.assign(known, { state: job.state, attemptsMade: job.attemptsMade }); rows(); } else if (!known) stale += 1;
          at("news").textContent = stale ? `${stale} more have changed; press u to look again.` : "";
        }

        // Queues

        function show(data) {
          stats = data;
          queue ||= stats.length ? stats[0].queue : null;
          at("queues").tBodies[0].replaceChildren(...stats.map(row => {
            const state = health.get(row.queue);
            return $("tr", { class: "link", "aria-selected": String(row.queue === queue), tabindex: "0", "data-key": row.queue, onclick: () => choose(row.queue),
              onkeydown: event => { if (event.key === "Enter" && event.target === event.currentTarget) choose(row.queue); } },
              $("td", {}, row.queue, row.isPaused ? " " : "", row.isPaused ? badge("warning", "paused") : ""),
              $("td", {}, state ? badge(state.status, state.status, state.message) : ""),
              count(row.waiting), count(row.delayed), count(row.active), count(row.completed), count(row.failed),
              $("td", {}, manages() ? $("button", { class: "plain", onclick: event => { event.stopPropagation(); pause(row.queue); } }, row.isPaused ? "Resume" : "Pause") : ""));
          }).map(keepingFocus()));
          tabs();
        }

        /** Rows are made anew every two seconds; whoever stood on one stays there. */
        function keepingFocus() {
          const place = document.activeElement, key = place && place.closest && place.closest("tr[data-key]")?.dataset.key, isButton = place?.tagName === "BUTTON";
          return row => {
            if (key && row.dataset.key === key) queueMicrotask(() => (isButton ? row.querySelector("button") : row)?.focus());
            return row;
          };
        }

        const judge = () => attempt(async () => {
          const { data } = await ask("GET", root + "/health");
          health = new Map(data.queues.map(one => [one.queue, one]));
          at("overall").hidden = false;
          at("overall").className = "badge " + data.overall;
          at("overall").textContent = data.overall;
          show(stats);
        });

        const throughput = () => attempt(async () => chart((await ask("GET", `${root}/throughput?queue=${encodeURIComponent(queue)}`)).data));

        function choose(name) {
          queue = name;
          show(stats);
          throughput();
          list();
        }

        const pause = name => attempt(async () => {
          const isPaused = stats.find(row => row.queue === name).isPaused;
          await ask("POST", `${root}/${encodeURIComponent(name)}/${isPaused ? "resume" : "pause"}`);
          stats = stats.map(row => row.queue === name ? { ...row, isPaused: !isPaused } : row);
          show(stats);
          toast(`${name} is ${isPaused ? "resumed" : "paused on every instance"}.`);
        });

        // Jobs

        function tabs() {
          const row = stats.find(one => one.queue === queue);
          at("chart-title").textContent = `Last hour of ${queue || "–"}`;
          at("jobs-title").textContent = `Jobs of ${queue || "–"}`;
          at("states").replaceChildren(...states.map((name, index) => $("button", { type: "button", role: "tab", "aria-selected": String(name === state), title: "key " + (index + 1),
            onclick: () => { state = name; tabs(); list(); } }, `${name} ${row ? (name === "all" ? row.total : row[name]).toLocaleString("en") : ""}`)));
          at("retry-all").hidden = !manages() || !(state === "failed" || state === "all");
          at("remove-all").hidden = !manages() || state === "active" || state === "all";
        }

        const filters = () => {
          const query = new URLSearchParams();
          if (at("type").value.trim()) query.set("name", at("type").value.trim());
          if (at("text").value.trim()) query.set("q", at("text").value.trim());
          return query;
        };

        const list = (more = false) => attempt(async () => {
          if (!queue) return;
          at("jobs-error").textContent = "";
          const query = filters();
          if (state !== "all") query.set("state", state);
          if (more) query.set("cursor", cursor);
          const { data, meta } = await ask("GET", `${own()}/jobs?${query}`);
          jobs = more ? jobs.concat(data) : data;
          cursor = meta.nextCursor;
          if (!more) selected = -1;
          stale = 0;
          at("news").textContent = jobs.length ? "" : "There are no such jobs.";
          at("more").hidden = !cursor;
          rows();
        }, text => { at("jobs-error").textContent = text; });

        function rows() {
          const body = at("jobs").tBodies[0], hadFocus = body.contains(document.activeElement);
          body.replaceChildren(...jobs.map((job, index) => $("tr", { class: "link", tabindex: "0", "aria-selected": String(index === selected),
            onclick: () => { select(index); open(job.id); } },
            $("td", {}, job.name), $("td", {}, badge(job.state)), count(job.priority), $("td", { class: "n" }, `${job.attemptsMade}/${job.maxAttempts}`),
            $("td", {}, time(job.finishedAt || job.startedAt && job.state === "active" && job.startedAt || job.runAt)),
            $("td", { class: "data" }, job.failedReason || JSON.stringify(job.data)))));
          if (hadFocus && body.rows[selected]) body.rows[selected].focus();
        }

        const open = id => attempt(async () => {
          const job = (await ask("GET", `${own()}/jobs/${id}`)).data;
          const button = (text, action, kind = "plain") => $("button", { class: kind, onclick: action }, text);
          at("job").firstElementChild.replaceChildren(...detail(job, [
            manages() && job.state === "failed" ? button("Retry", () => retry(job)) : null,
            manages() && job.state !== "active" ? button("Remove", () => remove(job), "plain danger") : null,
            button("Close", () => at("job").close(), ""),
          ]));
          if (!at("job").open) at("job").showModal();
        });

        const retry = job => attempt(async () => {
          await ask("POST", `${own()}/jobs/${job.id}/retry`);
          at("job").close();
          toast(`${job.name} waits again.`);
          await list();
        });

        const remove = job => attempt(async () => {
          if (!await sure("Remove this job?", `${job.name}, ${job.state}. It cannot be brought back.`)) return;
          await ask("DELETE", `${own()}/jobs/${job.id}`);
          at("job").close();
          toast(`${job.name} is removed.`);
          await list();
        });

        at("search").addEventListener("submit", event => { event.preventDefault(); list(); });
        at("more").addEventListener("click", () => list(true));

        /** At most a thousand at a time; how many there are is asked first. */
        at("retry-all").addEventListener("click", () => attempt(async () => {
          const order = { ...Object.fromEntries(filters()), limit: 1000 };
          const { retried } = (await ask("POST", `${own()}/retry`, { ...order, dryRun: true })).data;
          if (!retried) return toast("No failed job matches.");
          if (!await sure(`Retry ${retried === 1000 ? "the 1,000 oldest" : retried}?`, `Failed jobs of ${queue} that match. Their attempts count from 0.`)) return;
          toast(`${(await ask("POST", `${own()}/retry`, order)).data.retried} jobs wait again.`);
          await list();
        }));

        at("remove-all").addEventListener("click", () => attempt(async () => {
          const query = filters();
          query.set("state", state);
          query.set("limit", 1000);
          const { removed } = (await ask("DELETE", `${own()}/clean?${query}&dryRun=true`)).data;
          if (!removed) return toast("No job matches.");
          if (!await sure(`Remove ${removed === 1000 ? "the 1,000 oldest" : removed}?`, `${state} jobs of ${queue} that match. They cannot be brought back.`)) return;
          toast(`${(await ask("DELETE", `${own()}/clean?${query}`)).data.removed} jobs are removed.`);
          await list();
        }));

        // Schedules

        const schedules = () => attempt(async () => {
          const { data } = await ask("GET", root + "/schedules");
          at("schedules").tBodies[0].replaceChildren(...data.map(one => $("tr", {},
            $("td", {}, one.key, one.isEnabled ? "" : " ", one.isEnabled ? "" : badge("warning", "resting")), $("td", {}, `${one.job} → ${one.queue}`),
            $("td", {}, one.cron ? `${one.cron} ${one.timeZone}` : `every ${one.everySeconds} s`), $("td", {}, one.isEnabled ? time(one.nextRunAt) : "–"),
            $("td", {}, time(one.lastFiredFor)), $("td", {}, manages() ? $("span", {},
              $("button", { class: "plain", onclick: () => runNow(one) }, "Run now"), " ",
              $("button", { class: "plain", onclick: () => rest(one) }, one.isEnabled ? "Rest" : "Wake")) : ""))));
        });

        const runNow = one => attempt(async () => {
          await ask("POST", `${root}/schedules/${encodeURIComponent(one.key)}/run`);
          toast(`${one.key} is enqueued.`);
        });

        const rest = one => attempt(async () => {
          await ask("PATCH", `${root}/schedules/${encodeURIComponent(one.key)}`, { isEnabled: !one.isEnabled });
          await schedules();
        });

        // Keys

        at("help-button").addEventListener("click", () => at("help").showModal());
        const select = index => {
          if (!jobs.length) return;
          const body = at("jobs").tBodies[0];
          if (body.rows[selected]) body.rows[selected].setAttribute("aria-selected", "false");
          selected = Math.max(0, Math.min(jobs.length - 1, index));
          body.rows[selected].setAttribute("aria-selected", "true");
          body.rows[selected].focus();
        };
        const step = distance => {
          const index = stats.findIndex(row => row.queue === queue);
          if (stats.length) choose(stats[(index + distance + stats.length) % stats.length].queue);
        };
        document.addEventListener("keydown", event => {
          if (!user() || event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
          const job = jobs[selected], key = event.key;
          if (at("job").open) {
            if (key === "r" && manages() && job && job.state === "failed") retry(job);
            if (key === "x" && manages() && job && job.state !== "active") remove(job);
            return;
          }
          if (document.querySelector("dialog[open]")) return;
          const keys = { j: () => select(selected + 1), k: () => select(selected - 1), u: () => list(), "?": () => at("help").showModal(),
            "/": () => at("text").focus(), "[": () => step(-1), "]": () => step(1), p: () => manages() && queue && pause(queue),
            r: () => manages() && job && job.state === "failed" && retry(job), x: () => manages() && job && job.state !== "active" && remove(job) };
          const row = event.target.closest("#jobs tbody tr");
          if (key === "Enter" && row) { event.preventDefault(); select(row.sectionRowIndex); open(jobs[selected].id); }
          if (/^[1-6]$/.test(key)) { state = states[key - 1]; tabs(); list(); }
          if (keys[key]) { event.preventDefault(); keys[key](); }
        });

        begin();
        """#
}
