/// The page `/docs`: shows `/openapi.json` and lets one try it. Its own assets only, so that the strict content
/// security policy of the API holds here too.
package enum DocsPage {
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"

    /// The page, with a place for every code that the `type` of a problem leads to.
    package static func html(_ problems: [Problem]) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Atrium API</title>
        <link rel="stylesheet" href="/docs/style.css">
        </head>
        <body>
        <header>
          <h1>Atrium API</h1>
          <p id="about">Loading the description of the API …</p>
          <div class="tools">
            <label>Find <input id="find" type="search" placeholder="path, name or word"></label>
            <label>Access token <input id="token" type="password" autocomplete="off" placeholder="Bearer token for “Send”"></label>
            <a href="/openapi.json">openapi.json</a>
            <a href="#problems">Problems</a>
          </div>
        </header>
        <div class="columns">
          <nav id="tags" aria-label="Sections"></nav>
          <main>
            <div id="operations"></div>
            <section id="problems">
              <h2>Problems</h2>
              <dl>
              \(list(of: problems))
              </dl>
            </section>
          </main>
        </div>
        <script src="/docs/app.js" defer></script>
        </body>
        </html>
        """
    }

    /// One entry for each code, whatever statuses and sentences it has in different places.
    private static func list(of problems: [Problem]) -> String {
        Dictionary(grouping: problems, by: \.code).sorted { $0.key < $1.key }.map { code, problems in
            let statuses = Set(problems.map(\.status)).sorted().map(String.init).joined(separator: ", ")
            let sentences = Set(problems.map(\.detail)).sorted().map { "<dd>\(escaped($0))</dd>" }.joined()
            return "<dt id=\"problem-\(code)\"><code>\(code)</code> \(statuses)</dt>\(sentences)"
        }.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    static let css = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2563eb; }
        * { box-sizing: border-box; }
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; }
        header { padding: 1rem 1.5rem; border-bottom: 1px solid var(--line); }
        h1 { font-size: 1.3rem; margin: 0; } #about { margin: .2rem 0 .8rem; opacity: .8; }
        .tools { display: flex; gap: 1.2rem; flex-wrap: wrap; align-items: center; }
        input, textarea, select { font: inherit; padding: .25rem .5rem; border: 1px solid var(--line); border-radius: 4px;
          background: transparent; color: inherit; }
        .columns { display: grid; grid-template-columns: 13rem 1fr; }
        nav { padding: 1rem 1.5rem; border-right: 1px solid var(--line); position: sticky; top: 0; height: 100vh; overflow: auto; }
        nav a { display: block; color: inherit; text-decoration: none; padding: .15rem 0; } nav a:hover { color: var(--accent); }
        main { padding: 1rem 1.5rem; min-width: 0; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
        details.operation { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; }
        details.operation > summary { padding: .45rem .7rem; cursor: pointer; display: flex; gap: .7rem; align-items: baseline; }
        .method { font: 600 .75rem ui-monospace, monospace; width: 4rem; } .path { font-family: ui-monospace, monospace; }
        .GET { color: #15803d; } .POST { color: #2563eb; } .PATCH, .PUT { color: #b45309; } .DELETE { color: #dc2626; }
        .summary { opacity: .75; margin-left: auto; text-align: right; }
        .body { padding: .2rem 1rem 1rem; border-top: 1px solid var(--line); }
        h3 { font-size: .85rem; margin: 1rem 0 .3rem; text-transform: uppercase; letter-spacing: .04em; opacity: .7; }
        table { border-collapse: collapse; width: 100%; } td { padding: .2rem .6rem .2rem 0; vertical-align: top; }
        code, pre, textarea { font: .85rem/1.45 ui-monospace, monospace; }
        pre { background: var(--soft); padding: .7rem; overflow: auto; border-radius: 4px; max-height: 28rem; }
        textarea { width: 100%; min-height: 8rem; }
        button { font: inherit; padding: .3rem 1rem; border: 0; border-radius: 4px; background: var(--accent); color: #fff; cursor: pointer; }
        .required { color: #dc2626; }
        dt { margin-top: .6rem; } dt:target { outline: 2px solid var(--accent); outline-offset: 3px; }
        @media (max-width: 50rem) { .columns { grid-template-columns: 1fr; } nav { display: none; } .summary { display: none; } }
        """

    static let script = """
        "use strict";
        const $ = (tag, attributes = {}, ...children) => {
          const element = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes)) {
            if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
            else element.setAttribute(name, value);
          }
          for (const child of children) element.append(child);
          return element;
        };
        let api;
        const resolve = schema => schema && schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema;
        const typeName = schema => {
          if (!schema) return "";
          if (schema.$ref) return schema.$ref.split("/").pop();
          const types = [].concat(schema.type || []);
          let name = types.filter(type => type !== "null").join(" or ") || (schema.anyOf ? schema.anyOf.map(typeName).join(" or ") : "any");
          if (schema.items) name = "list of " + typeName(schema.items);
          if (schema.format) name += " (" + schema.format + ")";
          if (schema.enum) name = schema.enum.filter(value => value !== null).join(" | ");
          return types.includes("null") ? name + " or null" : name;
        };
        const members = schema => {
          schema = resolve(schema) || {};
          if (schema.type === "array") return members(schema.items);
          const required = new Set(schema.required || []);
          const rows = Object.entries(schema.properties || {}).map(([name, member]) =>
            $("tr", {}, $("td", {}, $("code", {}, name), required.has(name) ? $("span", { class: "required", title: "required" }, " *") : ""),
              $("td", {}, typeName(member)), $("td", {}, member.description || "")));
          return rows.length ? $("table", {}, ...rows) : $("p", {}, typeName(schema));
        };
        const send = async (operation, method, path, inputs, body, out) => {
          let url = path, query = new URLSearchParams();
          for (const [parameter, input] of inputs) {
            if (!input.value) continue;
            if (parameter.in === "path") url = url.replace("{" + parameter.name + "}", encodeURIComponent(input.value));
            if (parameter.in === "query") query.append(parameter.name, input.value);
          }
          if ([...query].length) url += "?" + query;
          const headers = {}, token = document.getElementById("token").value.trim();
          if (token) headers.Authorization = "Bearer " + token.replace(/^Bearer /i, "");
          for (const [parameter, input] of inputs) if (parameter.in === "header" && input.value) headers[parameter.name] = input.value;
          if (body && body.value.trim()) headers["Content-Type"] = "application/json";
          const started = performance.now();
          try {
            const answer = await fetch(url, { method, headers, body: body && body.value.trim() ? body.value : undefined });
            const text = await answer.text();
            let shown = text;
            try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { }
            out.textContent = method + " " + url + "\\n" + answer.status + " " + answer.statusText + " in " +
              Math.round(performance.now() - started) + " ms\\n\\n" + shown;
            const data = (() => { try { return JSON.parse(text).data; } catch { } })();
            if (data && data.accessToken) document.getElementById("token").value = data.accessToken;
          } catch (error) { out.textContent = String(error); }
        };
        const fill = (box, method, path, operation) => {
          if (operation.description) box.append($("p", {}, operation.description));
          const inputs = (operation.parameters || []).map(parameter => [parameter, $("input", { placeholder: typeName(parameter.schema) })]);
          if (inputs.length) box.append($("h3", {}, "Parameters"), $("table", {}, ...inputs.map(([parameter, input]) =>
            $("tr", {}, $("td", {}, $("code", {}, parameter.name), parameter.required ? $("span", { class: "required" }, " *") : ""),
              $("td", {}, parameter.in), $("td", {}, input), $("td", {}, parameter.description || typeName(parameter.schema))))));
          let body;
          const content = operation.requestBody && operation.requestBody.content["application/json"];
          if (content) {
            body = $("textarea", { spellcheck: "false", "aria-label": "Body" });
            body.value = JSON.stringify(content.example, null, 2);
            box.append($("h3", {}, "Body"), members(content.schema), body);
          }
          const out = $("pre", { hidden: "" });
          box.append($("p", {}, $("button", { onclick: () => { out.hidden = false; send(operation, method, path, inputs, body, out); } }, "Send")), out);
          box.append($("h3", {}, "Answers"));
          for (const [status, answer] of Object.entries(operation.responses)) {
            const schema = answer.content && Object.values(answer.content)[0].schema;
            const data = schema && schema.properties && schema.properties.data;
            box.append($("p", {}, $("code", {}, status), " " + answer.description));
            if (data) box.append(members(data));
          }
        };
        const show = filter => {
          const main = document.getElementById("operations"), nav = document.getElementById("tags");
          main.replaceChildren(); nav.replaceChildren();
          const byTag = new Map();
          for (const [path, methods] of Object.entries(api.paths)) for (const [method, operation] of Object.entries(methods)) {
            const words = (path + " " + operation.operationId + " " + operation.summary).toLowerCase();
            if (!words.includes(filter)) continue;
            const tag = operation.tags[0];
            if (!byTag.has(tag)) byTag.set(tag, []);
            byTag.get(tag).push([method.toUpperCase(), path, operation]);
          }
          for (const [tag, operations] of byTag) {
            nav.append($("a", { href: "#" + encodeURIComponent(tag) }, tag));
            main.append($("h2", { id: tag }, tag));
            for (const [method, path, operation] of operations) {
              const box = $("div", { class: "body" });
              const details = $("details", { class: "operation", id: operation.operationId }, $("summary", {},
                $("span", { class: "method " + method }, method), $("span", { class: "path" }, path),
                $("span", { class: "summary" }, operation.summary)), box);
              details.addEventListener("toggle", () => { if (details.open && !box.childNodes.length) fill(box, method, path, operation); });
              main.append(details);
            }
          }
          if (!byTag.size) main.append($("p", {}, "Nothing matches."));
        };
        fetch("/openapi.json").then(answer => answer.json()).then(document_ => {
          api = document_;
          document.getElementById("about").textContent = api.info.description;
          document.getElementById("find").addEventListener("input", event => show(event.target.value.toLowerCase().trim()));
          show("");
          // What was asked for has moved down under the operations.
          document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
        }).catch(error => { document.getElementById("about").textContent = "The description cannot be loaded: " + error; });
        """
}
