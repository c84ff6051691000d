extension ConsoleAssets {
    /// Elements, values, dialogs and forms.
    static let parts = #"""
        // Pieces of the page: elements, values as a person reads them, dialogs and forms.

        export function $(tag, attributes = {}, ...children) {
          const element = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes)) {
            if (value === undefined || value === null || value === false) continue;
            if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
            else if (name === "value") element.value = value;
            else element.setAttribute(name, value === true ? "" : value);
          }
          element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
          return element;
        }

        /** "createdAt" as "Created at". */
        export function words(name) {
          const spaced = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]/g, " ").toLowerCase()
            .replace(/\b(api|csv|html|id|ip|mrr|pdf|sla|sms|url)\b/g, word => word.toUpperCase());
          return spaced.charAt(0).toUpperCase() + spaced.slice(1);
        }

        const good = ["active", "succeeded", "paid", "sent", "delivered", "completed", "healthy", "published", "approved", "resolved", "done", "ready", "closed"];
        const bad = ["failed", "banned", "expired", "critical", "unhealthy", "bounced", "overdue", "rejected", "disabled", "unknown"];
        const state = /^(status|state|health|overall)$/;

        export function badge(text) {
          return $("span", { class: "badge " + (good.includes(text) ? "good" : bad.includes(text) ? "bad" : "warn") }, text);
        }

        const isMoment = text => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text);
        const isID = text => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

        function moment(text) {
          const date = new Date(text);
          // Sweden's way of writing them sorts and lines up.
          return $("time", { datetime: text, title: text }, date.toLocaleString("sv-SE"));
        }

        const isMoney = /^(amount|total|subtotal|tax|paid|balance|balanceAfter|captured|refunded|fee|commission|gross|adjustment|net)$/;

        /** A number as its digits; of money as many decimals as its currency has. */
        function figure(number, name, item) {
          const currency = item && (item.currency || item.unit);
          if (!isMoney.test(name) || !/^[A-Z]{3}$/.test(currency || "")) return String(number);
          const { maximumFractionDigits } = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
          return number.toFixed(currency === "XTR" ? 0 : maximumFractionDigits);
        }

        /** A short text for an object or list inside a cell. */
        function gist(value) {
          if (Array.isArray(value)) return value.map(gist).join(", ");
          if (value === null || typeof value !== "object") return String(value);
          const telling = value.name || value.title || value.role || value.number || value.key || value.code;
          if (telling) return String(telling) + (value.scopeType && value.scopeType !== "platform" ? " (" + value.scopeType + ")" : "");
          if (value.type && value.id !== undefined) return value.id ? value.type + " " + String(value.id).slice(-6) : value.type;
          if (value.amount !== undefined && value.currency) return [figure(value.amount, "amount", value), value.currency, value.cycle].filter(Boolean).join(" ");
          if (value.en) return String(value.en);
          return JSON.stringify(value);
        }

        /** - isShort: in a table, where a value has one line. item: what it is a member of. */
        export function shown(value, name, isShort, item) {
          if (value === null || value === undefined || value === "") return $("span", { class: "quiet" }, "–");
          if (typeof value === "boolean") return value ? "yes" : "no";
          if (typeof value === "number") return figure(value, name, item);
          if (typeof value === "string") {
            if (state.test(name)) return badge(value);
            if (isMoment(value)) return moment(value);
            if (isID(value)) return $("span", { class: "id", title: value }, isShort ? "…" + value.slice(-8) : value);
            return isShort ? $("span", { class: "long", title: value }, value) : value;
          }
          if (isShort) return $("span", { class: "long", title: JSON.stringify(value) }, gist(value));
          if (Array.isArray(value) && value.length && value.every(item => item && typeof item === "object" && !Array.isArray(item))) {
            const names = [...new Set(value.flatMap(Object.keys))];
            return $("div", { class: "scroll" }, $("table", {}, $("thead", {}, $("tr", {}, names.map(name => $("th", {}, words(name))))),
              $("tbody", {}, value.map(item => $("tr", {}, names.map(name => $("td", {}, shown(item[name], name, true, item))))))));
          }
          if (Array.isArray(value) && value.every(item => typeof item !== "object")) return value.length ? value.join(", ") : "none";
          return $("pre", {}, JSON.stringify(value, null, 2));
        }

        export function facts(object) {
          return $("dl", {}, Object.entries(object).map(([name, value]) => [$("dt", {}, words(name)), $("dd", {}, shown(value, name, false, object))]));
        }

        export function notice(kind, ...content) {
          return $("p", { class: "notice " + kind, role: kind === "bad" ? "alert" : "status" }, ...content);
        }

        export function refusal(error) {
          const fields = (error.errors || []).map(item => (item.field ? item.field + ": " : "") + item.message);
          return notice("bad", [error.message, ...fields].join(" "), error.requestId ? $("span", { class: "quiet" }, " (request " + error.requestId + ")") : null);
        }

        let fading;
        export function toast(text) {
          let box = document.getElementById("toast");
          if (!box) document.body.append(box = $("div", { id: "toast", role: "status" }));
          box.textContent = text;
          clearTimeout(fading);
          fading = setTimeout(() => { box.textContent = ""; }, 5000);
        }

        // MARK: Forms

        const types = schema => [].concat(schema.type || []).filter(type => type !== "null");

        /**
         * One input of a form. `text()` is its value as JSON text, or undefined for nothing; it throws a sentence where the input
         * is none. Numbers stay the digits that were typed: money is no floating point here either.
         */
        function input(name, schema, isRequired, value) {
          const type = types(schema)[0];
          const kept = value === null || value === undefined ? "" : value;
          const choices = schema.enum ? schema.enum.filter(choice => choice !== null) : type === "boolean" ? ["true", "false"] : null;
          const isList = type === "array" && ["string", "integer", "number"].includes(types(schema.items || {})[0]);
          const isText = type === "string" && !choices;
          let box;
          if (choices) box = $("select", {}, $("option", { value: "" }, "–"), choices.map(choice => $("option", { value: String(choice) }, String(choice))));
          else if (isText && schema.format === "date") box = $("input", { type: "date" });
          else if (isText && schema.format === "date-time" && !kept) box = $("input", { type: "datetime-local" });
          else if (isText && /secret|password|token/i.test(name)) box = $("input", { type: "password", autocomplete: "new-password" });
          else if (isText && !(schema.maxLength > 300)) box = $("input", { type: "text", maxlength: schema.maxLength });
          else if (type === "integer" || type === "number") box = $("input", { type: "text", inputmode: "decimal" });
          else box = $("textarea", { placeholder: isList ? "one a line" : isText ? undefined : "JSON", maxlength: isText ? schema.maxLength : undefined });
          box.name = name;
          box.value = typeof kept === "object" ? (isList ? kept.join("\n") : JSON.stringify(kept, null, 2)) : String(kept);
          if (isRequired) box.required = true;
          const first = box.value;
          const text = () => {
            const typed = box.value;
            if (typed === "" || (value !== undefined && typed === first)) return value !== undefined && typed === "" && first !== "" ? "null" : undefined;
            if (choices) return type === "boolean" || type === "integer" ? typed : JSON.stringify(typed);
            // Typed in the reader's own time zone.
            if (box.type === "datetime-local") return JSON.stringify(new Date(typed).toISOString());
            if (isText) return JSON.stringify(typed);
            if (type === "integer" || type === "number") {
              if (!/^-?\d+(\.\d+)?$/.test(typed.trim())) throw new Error("Type a number, with a point before the decimals.");
              return typed.trim().replace(/^(-?)0+(?=\d)/, "$1");
            }
            if (isList) {
              const items = typed.split("\n").map(line => line.trim()).filter(Boolean);
              return types(schema.items)[0] === "string" ? JSON.stringify(items) : "[" + items.join(",") + "]";
            }
            try { JSON.parse(typed); } catch { throw new Error("This is no JSON."); }
            return typed;
          };
          return { name, box, text };
        }

        /**
         * A dialog that asks for an operation's body and sends it; answers what the server answered, or null when it was closed.
         * - catalogue: where `$ref` of the body's schema leads. known: the object as it is, for changes.
         */
        export function form({ title, note, catalogue, schema, known, isDangerous, submit }) {
          const required = new Set(schema ? schema.required || [] : []);
          const inputs = Object.entries(schema ? schema.properties || {} : {}).map(([name, member]) => {
            const resolved = { ...catalogue.resolve(member), ...(member.$ref ? {} : member) };
            return { ...input(name, resolved, required.has(name), known ? known[name] : undefined), help: resolved.description };
          });
          return new Promise(resolve => {
            const refused = $("div");
            const fields = inputs.map(item => {
              item.error = $("span", { class: "bad" });
              return $("label", { class: "field" }, $("span", { class: required.has(item.name) ? "required" : "" }, words(item.name)),
                item.box, item.help ? $("small", {}, item.help) : null, item.error);
            });
            const go = $("button", { type: "submit", class: isDangerous ? "danger" : "primary" }, isDangerous ? "Yes, do it" : "Send");
            const dialog = $("dialog", { "aria-label": title }, $("form", { method: "dialog", novalidate: true, onsubmit: async event => {
              event.preventDefault();
              let isWrong = false;
              const members = [];
              for (const item of inputs) {
                item.error.textContent = "";
                try {
                  const text = item.text();
                  if (text !== undefined) members.push(JSON.stringify(item.name) + ":" + text);
                  else if (item.box.required && !known) throw new Error("Needed.");
                } catch (error) { item.error.textContent = error.message; isWrong = true; }
              }
              if (isWrong) return;
              go.disabled = true;
              try {
                const answer = await submit(schema ? "{" + members.join(",") + "}" : undefined);
                dialog.close();
                resolve(answer);
              } catch (error) {
                const unplaced = (error.errors || []).filter(problem => {
                  const item = inputs.find(item => problem.field === item.name || String(problem.field).startsWith(item.name + "["));
                  if (item) item.error.textContent += problem.message + " ";
                  return !item;
                });
                refused.replaceChildren(refusal({ ...error, message: error.message, errors: unplaced }));
              } finally { go.disabled = false; }
            } }, $("h2", {}, title), note ? $("p", { class: "quiet" }, note) : null, fields, refused,
            $("div", { class: "tools" }, go, $("button", { type: "button", onclick: () => dialog.close() }, "Close"))));
            dialog.addEventListener("close", () => { dialog.remove(); resolve(null); });
            document.body.append(dialog);
            dialog.showModal();
          });
        }

        /** Shows what an action answered, where that is more than the object itself: secrets that are shown once, counts. */
        export function reveal(title, data) {
          const dialog = $("dialog", { "aria-label": title }, $("h2", {}, title), typeof data === "object" ? facts(data) : $("pre", {}, String(data)),
            $("div", { class: "tools" }, $("button", { class: "primary", onclick: () => dialog.close() }, "Close")));
          dialog.addEventListener("close", () => dialog.remove());
          document.body.append(dialog);
          dialog.showModal();
        }
        """#
}
