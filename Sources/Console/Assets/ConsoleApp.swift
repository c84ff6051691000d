extension ConsoleAssets {
    /// Routes, pages and keys.
    static let app = #"""
        // The console: the address after # is a path of the API, and what is shown and offered there follows from its description.
        import { ask, may, signIn, signOut, user } from "/admin/client.js";
        import { Catalogue } from "/admin/catalogue.js";
        import { columns, menu, related, telling } from "/admin/views.js";
        import { $, badge, facts, form, notice, refusal, reveal, shown, toast, words } from "/admin/parts.js";

        const root = document.getElementById("root");
        let catalogue;
        let main;
        /** Counts what was asked for, so that a late answer never paints over a later page. */
        let turn = 0;
        let ticking;

        const address = (path, query) => "#" + path + (query && [...query].length ? "?" + query : "");
        const place = () => {
          const [path, query] = location.hash.slice(1).split("?");
          return { path: decodeURI(path || ""), query: new URLSearchParams(query || "") };
        };
        const fill = (template, values) => template.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(values[name]));

        // MARK: Sign-in

        function signInPage(message) {
          const email = $("input", { type: "email", autocomplete: "username", required: true });
          const password = $("input", { type: "password", autocomplete: "current-password", required: true });
          const code = $("input", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 8 });
          const codeField = $("label", { class: "field", hidden: true }, "Code of the second factor", code);
          const refused = $("div", {}, message ? notice("warn", message) : null);
          root.replaceChildren($("div", { class: "signin" }, $("h1", {}, "Atrium console"), $("form", { onsubmit: async event => {
            event.preventDefault();
            try {
              await signIn(email.value.trim(), password.value, code.value.trim());
              await start();
            } catch (error) {
              if (error.code === "two_factor_required") { codeField.hidden = false; code.focus(); }
              refused.replaceChildren(refusal(error));
            }
          } }, $("label", { class: "field" }, "E-mail", email), $("label", { class: "field" }, "Password", password), codeField,
          refused, $("button", { class: "primary" }, "Sign in"))));
          email.focus();
        }

        async function changePassword() {
          const operation = catalogue && catalogue.operations.find(operation => operation.id === "changeMyPassword");
          const schema = operation ? operation.body : { properties: { currentPassword: { type: "string" }, newPassword: { type: "string" } }, required: ["currentPassword", "newPassword"] };
          const done = await form({ title: "Choose a password of your own", schema, catalogue: catalogue || { resolve: schema => schema },
            submit: body => ask("PUT", "/api/v1/users/me/password", { body }) });
          if (done) toast("The password has been changed.");
        }

        // MARK: Frame

        function frame() {
          const places = [...menu.flatMap(([, views]) => views), ...[...catalogue.collections().values()].flat().map(list => [list.summary, list.path])];
          const known = new Map(places.filter(([, path]) => catalogue.stands(path)).map(([title, path]) => [title, path]));
          const go = $("input", { type: "search", list: "places", placeholder: "Go to … (g)", "aria-label": "Go to", id: "go", onchange: event => {
            const path = known.get(event.target.value);
            if (path) { event.target.value = ""; location.hash = path; main.focus(); }
          } });
          const link = ([title, path, kind]) => {
            if (kind !== "page" && !(catalogue.stands(path) && offered(path))) return null;
            return $("a", { href: kind === "page" ? path : "#" + path, "data-path": path }, title);
          };
          const groups = menu.map(([title, views]) => {
            const links = views.map(link).filter(Boolean);
            return links.length ? [$("h2", {}, title), links] : [];
          });
          main = $("main", { id: "main", tabindex: "-1" });
          root.replaceChildren($("div", { class: "frame" }, $("nav", { "aria-label": "Sections" }, $("h1", {}, "Atrium"), go,
            $("datalist", { id: "places" }, [...known.keys()].map(title => $("option", { value: title }))),
            $("a", { href: "#", "data-path": "" }, "Overview"), groups,
            $("h2", {}, "Everything"), $("a", { href: "#all", "data-path": "all" }, "All collections"), $("a", { href: "/docs" }, "API"),
            $("h2", {}, user().name || user().email), $("button", { onclick: changePassword }, "Password"), " ",
            $("button", { onclick: async () => { try { await signOut(); } catch { } signInPage("Signed out."); } }, "Sign out")), main));
        }

        /** Offered by this server, and to this caller. */
        function offered(path) {
          const operation = catalogue.reading(path);
          return Boolean(operation) && may(operation.permission);
        }

        function heading(title, path, ...tools) {
          const up = path.split("/").slice(0, -1).join("/");
          return $("header", {}, $("h2", {}, title), $("span", { class: "path" }, path), $("span", { class: "grow" }), ...tools,
            offered(up) ? $("a", { class: "button", href: "#" + up }, "Up") : null);
        }

        // MARK: Pages

        async function show() {
          const mine = ++turn;
          clearInterval(ticking);
          const { path, query } = place();
          for (const link of document.querySelectorAll("nav a[data-path]")) {
            if (link.dataset.path === path) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
          }
          const paint = (...content) => { if (mine === turn) main.replaceChildren(...content); };
          if (!path) return overview(paint);
          if (path === "all") return everything(paint);
          const operation = catalogue.reading(path);
          if (!operation) return paint(heading("Nothing here", path), notice("warn", "This server has no such list. Its product or module may be switched off."));
          document.title = titled(operation) + " – Atrium";
          try {
            if (operation.isList) await listPage(operation, path, query, paint); else await objectPage(operation, path, query, paint);
          } catch (error) { failed(error, operation.summary, path, paint); }
        }

        function failed(error, title, path, paint) {
          if (!user()) return signInPage("The session has ended. Please sign in again.");
          if (error.code === "password_change_required") changePassword();
          paint(heading(title, path), refusal(error), $("button", { onclick: show }, "Try again"));
        }

        /** As the menu calls it. */
        function titled(operation) {
          const own = menu.flatMap(([, views]) => views).find(([, path]) => path === operation.path);
          return own ? own[0] : operation.summary;
        }

        async function listPage(operation, path, query, paint) {
          if (operation.paging && !query.has("limit")) query.set("limit", "50");
          const { data, meta } = await ask("GET", address(path, query).slice(1));
          const names = columns[operation.id] || telling.filter(name => (operation.item.properties || {})[name]).slice(0, 7);
          const template = catalogue.itemTemplate(operation);
          const one = catalogue.one(operation);
          const values = path.match(operation.expression).groups || {};
          const open = item => {
            const id = item.id || item.key || item.name || item.slug || item.code || item.provider;
            if (one && id !== undefined) location.hash = path + "/" + encodeURIComponent(id);
            else if (template) itemDialog(operation, template, { ...values, [template.slice(template.lastIndexOf("{") + 1, -1)]: id }, item);
            else reveal(operation.summary, item);
          };
          const isNumber = name => data.length && typeof data[0][name] === "number" ? "number" : undefined;
          const head = names.map(name => {
            const isSorted = [name, "-" + name].includes(query.get("sort"));
            if (!operation.sorts.includes(name)) return $("th", { scope: "col", class: isNumber(name) }, words(name));
            const next = query.get("sort") === name ? "-" + name : name;
            return $("th", { scope: "col", class: isNumber(name), "aria-sort": isSorted ? (next === name ? "descending" : "ascending") : undefined },
              $("button", { onclick: () => turnTo(path, query, { sort: next, page: null, cursor: null }) }, words(name),
                isSorted ? (next === name ? " ↓" : " ↑") : " ↕"));
          });
          const rows = data.map(item => {
            if (item === null || typeof item !== "object") return $("tr", {}, $("td", {}, shown(item, "", true)));
            return $("tr", { tabindex: "0", onclick: event => { if (!String(getSelection())) open(item); },
              onkeydown: event => { if (event.key === "Enter") open(item); } },
              names.map(name => $("td", { class: typeof item[name] === "number" ? "number" : undefined }, shown(item[name], name, true, item))));
          });
          const tools = catalogue.beside(operation).filter(action => may(action.permission)).map(action => button(action, values, null, show));
          const files = catalogue.exports(operation).filter(file => may(file.permission)).flatMap(file =>
            [["csv", "Export CSV"], ["xlsx", "Export XLSX"]].map(([format, label]) =>
              $("button", { onclick: () => download(file, query, format) }, label)));
          const live = $("label", {}, $("input", { type: "checkbox", onchange: event => {
            clearInterval(ticking);
            if (event.target.checked) ticking = setInterval(() => refresh(operation, path, query, names, open), 5000);
          } }), " live");
          paint(heading(titled(operation), path, live, ...tools, ...files), filters(operation, path, query),
            rows.length ? $("div", { class: "scroll" }, $("table", {}, $("thead", {}, $("tr", {}, head)), $("tbody", {}, rows)))
              : $("p", { class: "quiet" }, "None."),
            pager(meta || {}, path, query), meta && meta.totals ? shown(meta.totals, "totals", false) : "", meta && meta.counts ? facts(meta.counts) : "");
        }

        async function refresh(operation, path, query, names, open) {
          const mine = turn;
          try {
            const { data } = await ask("GET", address(path, query).slice(1));
            const body = main.querySelector("tbody");
            if (mine !== turn || !body || body.contains(document.activeElement)) return;
            body.replaceChildren(...data.map(item => $("tr", { tabindex: "0", onclick: () => open(item) },
              names.map(name => $("td", { class: typeof item[name] === "number" ? "number" : undefined }, shown(item[name], name, true))))));
          } catch (error) { clearInterval(ticking); toast(error.message); }
        }

        function turnTo(path, query, changes) {
          const next = new URLSearchParams(query);
          for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value); else next.delete(name);
          location.hash = address(path, next).slice(1);
        }

        function filters(operation, path, query) {
          if (!operation.filters.length) return "";
          const boxes = operation.filters.map(filter => {
            const schema = catalogue.resolve(filter.schema);
            const choices = schema.enum ? schema.enum.filter(choice => choice !== null) : [].concat(schema.type).includes("boolean") ? [true, false] : null;
            const box = choices
              ? $("select", { name: filter.name }, $("option", { value: "" }, "any"), choices.map(choice => $("option", { value: String(choice) }, String(choice))))
              : $("input", { name: filter.name, type: schema.format === "date" ? "date" : filter.name === "q" ? "search" : "text" });
            box.value = query.get(filter.name) || "";
            if (filter.name === "q") box.id = "search";
            return $("label", { title: filter.description }, filter.name === "q" ? "Search  (press /)" : words(filter.name), box);
          });
          return $("form", { class: "filters", onsubmit: event => {
            event.preventDefault();
            turnTo(path, query, { ...Object.fromEntries(new FormData(event.target)), page: null, cursor: null });
          }, onchange: event => { if (event.target.tagName === "SELECT" || event.target.type === "date") event.currentTarget.requestSubmit(); } },
          boxes, $("button", {}, "Show"), $("a", { class: "button", href: "#" + path }, "All"));
        }

        function pager(meta, path, query) {
          const parts = [];
          if (meta.total !== undefined) parts.push($("span", { class: "quiet" }, meta.total + " in all, page " + meta.page + " of " + Math.max(1, meta.totalPages)));
          if (meta.page > 1) parts.push($("button", { id: "previous", onclick: () => turnTo(path, query, { page: meta.page - 1 }) }, "Previous"));
          if (meta.page < meta.totalPages) parts.push($("button", { id: "next", onclick: () => turnTo(path, query, { page: meta.page + 1 }) }, "Next"));
          if (query.get("cursor")) parts.push($("button", { id: "previous", onclick: () => turnTo(path, query, { cursor: null }) }, "Newest"));
          if (meta.nextCursor) parts.push($("button", { id: "next", onclick: () => turnTo(path, query, { cursor: meta.nextCursor }) }, "Older"));
          return $("div", { class: "tools" }, parts);
        }

        async function objectPage(operation, path, query, paint) {
          const { data, etag } = await ask("GET", path + (String(query) ? "?" + query : ""));
          const values = path.match(operation.expression).groups || {};
          const actions = catalogue.actions(operation.path).filter(action => may(action.permission));
          // Some objects come with parts beside them: the object itself is the member that has an id.
          const own = data && data.id === undefined ? Object.values(data).find(part => part && typeof part === "object" && part.id) || data : data;
          const below = catalogue.below(operation.path).filter(list => may(list.permission) && !list.filters.some(filter => filter.required));
          const tabs = $("div");
          paint(heading(own && (own.name || own.title || own.number || own.ticketNumber || own.reference) || titled(operation), path, own && own.status ? badge(own.status) : null),
            $("div", { class: "tools" }, actions.map(action => button(action, values, { known: own, etag }, action.method === "DELETE" && action.path === operation.path
              ? () => history.back() : show))),
            filters(operation, path, query), data && typeof data === "object" ? facts(flat(data)) : $("pre", {}, String(data)), tabs);
          for (const list of below) tabs.append($("p", {}, $("a", { href: "#" + fill(list.path, values) }, list.summary)));
          for (const [title, target] of related[operation.id] || []) {
            if (offered(target.split("?")[0])) tabs.append($("p", {}, $("a", { href: "#" + fill(target, values) }, title)));
          }
        }

        /** One level of parts as facts of their own would hide what they belong to; small parts are drawn in. */
        function flat(data) {
          const parts = Object.entries(data);
          return parts.length <= 4 && data.id === undefined && parts.some(([, part]) => part && part.id)
            ? Object.assign({}, ...parts.map(([name, part]) => part && part.id ? part : { [name]: part })) : data;
        }

        /** For items of lists that cannot be read one by one. */
        function itemDialog(list, template, values, item) {
          const actions = catalogue.actions(template).filter(action => may(action.permission));
          const dialog = $("dialog", { "aria-label": list.summary }, $("h2", {}, list.summary), facts(item),
            $("div", { class: "tools" }, actions.map(action => button(action, values, { known: item }, () => { dialog.close(); show(); })),
              $("button", { onclick: () => dialog.close() }, "Close")));
          dialog.addEventListener("close", () => dialog.remove());
          document.body.append(dialog);
          dialog.showModal();
        }

        function button(action, values, object, done) {
          const isDangerous = action.method === "DELETE" || /(ban|cancel|reject|suspend|purge|revoke|sign-out|clean|clear)$/.test(action.path);
          const last = action.path.split("/").pop();
          const title = last.startsWith("{") || action.path === action.path.replace(/\/[^/]*$/, "") ? null : last;
          const label = action.method === "DELETE" ? "Delete" : ["PATCH", "PUT"].includes(action.method) && (last.startsWith("{") || catalogue.reading(action.path)) ? "Change"
            : title && action.method === "POST" && !object ? (catalogue.reading(action.path) && catalogue.reading(action.path).path === action.path ? "New" : words(title)) : words(title || action.summary);
          return $("button", { class: isDangerous ? "danger" : undefined, title: action.summary, onclick: async () => {
            const path = fill(action.path, values);
            const headers = {};
            // One key for as long as the dialog stands: pressing twice is doing it once.
            if (action.takesKey) headers["Idempotency-Key"] = crypto.randomUUID();
            if (action.takesMatch && object && object.etag) headers["If-Match"] = object.etag;
            const isChange = ["PATCH", "PUT"].includes(action.method) && object && last.startsWith("{");
            const answer = await form({ title: action.summary, note: action.description.replace(/Needs `[^`]+` on a scope that covers the object\.|For whoever is signed in\./, ""),
              catalogue, schema: action.body, known: isChange ? object.known : null, isDangerous,
              submit: body => ask(action.method, path, { body, headers }).catch(error => {
                // The refused body's key is spent on it.
                if (action.takesKey) headers["Idempotency-Key"] = crypto.randomUUID();
                throw error;
              }) });
            if (!answer) return;
            toast(action.summary + ": done.");
            const told = answer.data && JSON.stringify(answer.data);
            if (told && /"(secret|password|token|jobId|url)":/.test(told)) reveal(action.summary, answer.data);
            done();
          } }, label);
        }

        async function download(file, query, format) {
          try {
            const wanted = new URLSearchParams([...query].filter(([name]) => file.filters.some(filter => filter.name === name)));
            wanted.set("format", format);
            const { response } = await ask("GET", file.path + "?" + wanted, { raw: true, headers: { Accept: "*/*" } });
            const named = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") || "");
            const url = URL.createObjectURL(await response.blob());
            $("a", { href: url, download: named ? named[1] : "export.csv" }).click();
            URL.revokeObjectURL(url);
          } catch (error) { toast(error.message); }
        }

        // MARK: Overview and everything

        async function overview(paint) {
          document.title = "Atrium console";
          const cards = $("div", { class: "cards" });
          paint(heading("Overview", ""), cards);
          const card = async (title, path, link, read) => {
            const bare = path.split("?")[0];
            if (bare !== "/health" && !(catalogue.stands(bare) && offered(bare))) return;
            const body = $("div", {}, $("span", { class: "quiet" }, "…"));
            cards.append($("section", { class: "card" }, $("h3", {}, link ? $("a", { href: link }, title) : title), body));
            try { body.replaceChildren(read(await ask("GET", path))); } catch (error) { body.replaceChildren($("span", { class: "bad" }, error.message)); }
          };
          const figure = (number, text) => $("div", {}, $("span", { class: "figure" }, String(number)), " ", text);
          await Promise.all([
            card("Health", "/health", null, ({ data }) => $("div", {}, badge(data.status), " version " + data.version + ", up " + lasting(data.uptimeSeconds),
              $("dl", {}, (data.checks || []).map(check => [$("dt", {}, check.name), $("dd", {}, badge(check.status), check.milliseconds !== undefined ? " " + check.milliseconds + " ms" : "")])))),
            card("Queues", "/admin/queue-management/stats", "/admin/queues", ({ data }) => $("table", {}, $("tbody", {}, [].concat(data.queues || data).map(queue =>
              $("tr", {}, $("td", {}, queue.queue), $("td", { class: "number" }, queue.waiting + queue.delayed + " waiting"), $("td", { class: "number" }, queue.active + " active"),
                $("td", { class: "number" + (queue.failed ? " bad" : "") }, queue.failed + " failed"), $("td", {}, queue.isPaused ? badge("paused") : "")))))),
            card("Refunds to decide", "/api/v1/payments/refunds?status=requested&limit=1", "#/api/v1/payments/refunds?status=requested", ({ meta }) => figure(meta.total, "requested")),
            card("Payments", "/api/v1/payments?limit=1", "#/api/v1/payments", ({ meta }) => $("div", {}, figure(meta.total, "in all"), meta.totals ? shown(meta.totals, "totals", false) : "")),
            card("Slow requests", "/admin/runtime/slow-requests", "#/admin/runtime/slow-requests", ({ data }) => figure(data.length, "kept, the slowest lately")),
            card("Outbox", "/api/v1/notifications/outbox?limit=5", "#/api/v1/notifications/outbox", ({ data }) => $("table", {}, $("tbody", {}, data.map(message =>
              $("tr", {}, $("td", {}, shown(message.recipient, "", true)), $("td", {}, shown(message.subject, "", true)), $("td", {}, badge(message.status))))))),
            card("Lately", "/api/v1/audit-logs?limit=8", "#/api/v1/audit-logs", ({ data }) => $("table", {}, $("tbody", {}, data.map(row =>
              $("tr", {}, $("td", {}, new Date(row.at).toLocaleTimeString()), $("td", {}, row.actorName), $("td", {}, row.action)))))),
          ]);
        }

        function lasting(seconds) {
          const days = Math.floor(seconds / 86400), hours = Math.floor(seconds % 86400 / 3600), minutes = Math.floor(seconds % 3600 / 60);
          return days ? days + " d " + hours + " h" : hours ? hours + " h " + minutes + " min" : minutes ? minutes + " min" : seconds + " s";
        }

        function everything(paint) {
          document.title = "All collections – Atrium";
          const sections = [...catalogue.collections()].sort(([a], [b]) => a.localeCompare(b)).map(([tag, lists]) => {
            const links = lists.filter(list => may(list.permission)).map(list => $("li", {}, $("a", { href: "#" + list.path }, list.summary), " ", $("span", { class: "path" }, list.path)));
            return links.length ? $("section", { class: "card" }, $("h3", {}, tag), $("ul", {}, links)) : null;
          });
          paint(heading("All collections", ""), $("div", { class: "cards" }, sections.filter(Boolean)));
        }

        // MARK: Keyboard

        addEventListener("keydown", event => {
          if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || !main) return;
          const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
          if (event.key === "Escape" && isTyping) return event.target.blur();
          if (isTyping) return;
          const rows = [...main.querySelectorAll("tbody tr[tabindex]")];
          const at = rows.indexOf(document.activeElement);
          const move = step => { const row = rows[Math.max(0, Math.min(rows.length - 1, at + step))]; if (row) row.focus(); };
          const keys = {
            "/": () => document.getElementById("search")?.focus(), g: () => document.getElementById("go")?.focus(),
            j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
            n: () => document.getElementById("next")?.click(), p: () => document.getElementById("previous")?.click(),
            r: () => show(), u: () => { const { path } = place(); const up = path.split("/").slice(0, -1).join("/"); location.hash = offered(up) ? up : ""; },
            "?": () => reveal("Keys", { "/": "search", g: "go to", "j k": "down and up", Enter: "open", u: "up", "n p": "next and previous page", r: "again", Esc: "leave a field or dialog" }),
          };
          if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
        });

        addEventListener("hashchange", () => { if (user() && catalogue) show(); });

        async function start() {
          if (!user()) return signInPage();
          try {
            catalogue = new Catalogue((await ask("GET", "/admin/api.json")).data);
          } catch (error) {
            if (!user()) return signInPage("The session has ended. Please sign in again.");
            if (error.code === "password_change_required") { await changePassword(); return signInPage("Please sign in with the new password."); }
            return root.replaceChildren(refusal(error), $("button", { onclick: start }, "Try again"));
          }
          frame();
          show();
        }

        start();
        """#
}
