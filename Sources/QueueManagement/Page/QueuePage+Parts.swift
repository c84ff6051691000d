extension QueuePage {
    /// What the page is put together of.
    static let parts = #"""
        export const $ = (tag, attributes = {}, ...children) => {
          const element = document.createElement(tag);
          for (const [name, value] of Object.entries(attributes)) {
            if (value === undefined || value === false) continue;
            if (name.startsWith("on")) element.addEventListener(name.slice(2), value); else element.setAttribute(name, value === true ? "" : value);
          }
          for (const child of children) if (child !== null && child !== undefined) element.append(child);
          return element;
        };
        export const at = id => document.getElementById(id);

        export const count = number => $("td", { class: number ? "n" : "n nought" }, number.toLocaleString("en"));
        export const badge = (word, text = word, title) => $("span", { class: "badge " + word, title }, text);

        export const time = text => {
          if (!text) return "–";
          const date = new Date(text), seconds = Math.round((Date.now() - date) / 1000);
          const [number, unit] = Math.abs(seconds) < 90 ? [seconds, "s"] : Math.abs(seconds) < 5400 ? [Math.round(seconds / 60), "min"]
            : Math.abs(seconds) < 129600 ? [Math.round(seconds / 3600), "h"] : [Math.round(seconds / 86400), "d"];
          return $("time", { datetime: text, title: date.toLocaleString() }, number < 0 ? `in ${-number} ${unit}` : `${number} ${unit} ago`);
        };

        let fading;
        export const toast = text => {
          at("toast").textContent = text;
          clearTimeout(fading);
          fading = setTimeout(() => { at("toast").textContent = ""; }, 4000);
        };

        /** Whether the reader says yes. */
        export const sure = (title, text) => new Promise(answered => {
          const dialog = at("ask");
          dialog.querySelector("h2").textContent = title;
          dialog.querySelector("p").textContent = text;
          dialog.returnValue = "no";
          dialog.addEventListener("close", () => answered(dialog.returnValue === "yes"), { once: true });
          dialog.showModal();
          dialog.querySelector("[value=yes]").focus();
        });

        const svg = (tag, attributes) => {
          const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
          for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
          return element;
        };

        /** Columns for each of the last sixty minutes. */
        export const chart = minutes => {
          const last = Math.floor(Date.now() / 60000), columns = Array.from({ length: 60 }, () => [0, 0]);
          for (const { minute, completed, failed } of minutes) {
            const column = columns[59 - (last - Math.floor(Date.parse(minute) / 60000))];
            if (column) { column[0] += completed; column[1] += failed; }
          }
          const highest = Math.max(...columns.map(([completed, failed]) => completed + failed)), most = Math.max(1, highest);
          const bars = [svg("line", { x1: 0, x2: 640, y1: 179.5, y2: 179.5 })];
          columns.forEach(([completed, failed], index) => {
            const x = index * 640 / 60 + 1, width = 640 / 60 - 2, high = value => value / most * 170;
            const least = value => value ? Math.max(2, high(value)) : 0;
            bars.push(svg("rect", { class: "completed", x, width, y: 179 - least(completed), height: least(completed) }));
            bars.push(svg("rect", { class: "failed", x, width, y: 179 - least(completed) - least(failed), height: least(failed) }));
          });
          at("chart").replaceChildren(...bars);
          const sum = columns.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
          at("chart-sum").textContent = `${sum[0].toLocaleString("en")} completed, ${sum[1].toLocaleString("en")} failed; at most ${highest.toLocaleString("en")} a minute.`;
        };

        const pretty = value => $("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));

        /** A job with its attempts and errors. */
        export const detail = (job, buttons) => [
          $("h2", { id: "job-title" }, job.name, " ", badge(job.state)),
          $("dl", {}, ...[
            ["Id", job.id], ["Queue", job.queue], ["Priority", ["", "1 critical", "2 high", "3 normal", "4 low"][job.priority]],
            ["Attempts", `${job.attemptsMade} of ${job.maxAttempts}`], ["Due", time(job.runAt)], ["Added", time(job.createdAt)],
            ["Begun", time(job.startedAt)], ["Ended", time(job.finishedAt)],
            ["Progress", $("progress", { max: 100, value: job.progress }, job.progress + " %")],
            ["Schedule", job.scheduleKey], ["Fairness key", job.fairnessKey], ["Trace", job.traceId], ["Failed because", job.failedReason],
          ].filter(([, value]) => value).flatMap(([name, value]) => [$("dt", {}, name), $("dd", {}, value)])),
          $("h2", {}, "Data"), pretty(job.data),
          ...(job.result === null || job.result === undefined ? [] : [$("h2", {}, "Result"), pretty(job.result)]),
          ...(job.errors.length ? [$("h2", {}, "Errors"), $("table", {}, $("tbody", {}, ...job.errors.map(error =>
            $("tr", {}, $("td", {}, "attempt " + error.attempt), $("td", {}, time(error.at)), $("td", { class: "wrap" }, error.message)))))] : []),
          $("p", { class: "buttons" }, ...buttons),
        ];
        """#
}
