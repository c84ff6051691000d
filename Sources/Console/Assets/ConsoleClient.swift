extension ConsoleAssets {
    /// The session and the requests.
    static let client = #"""
        // The session and the requests. Tokens live in this tab only and end with it.
        const kept = "atrium.session";
        let session = read();
        let renewal = null;

        function read() {
          try { return JSON.parse(sessionStorage.getItem(kept)); } catch { return null; }
        }

        function keep(value) {
          session = value;
          if (value) sessionStorage.setItem(kept, JSON.stringify(value)); else sessionStorage.removeItem(kept);
        }

        export class Refusal extends Error {
          constructor(status, problem) {
            super(problem.detail || problem.title || "The server answered " + status + ".");
            this.status = status;
            this.code = problem.code;
            this.errors = problem.errors || [];
            this.requestId = problem.requestId;
            this.problem = problem;
          }
        }

        export const user = () => session && session.user;

        /** Whether buttons of this permission are worth showing: the server decides in any case. */
        export function may(permission) {
          const own = user() ? user().permissions : [];
          if (!permission || !own.length || own.includes("-" + permission)) return !own.includes("-" + permission);
          return own.includes("*") || own.includes(permission);
        }

        function admit(data) {
          keep({ user: data.user, access: data.accessToken, refresh: data.refreshToken, until: Date.now() + data.expiresIn * 1000 });
        }

        export async function signIn(email, password, twoFactorCode) {
          const body = { email, password };
          if (twoFactorCode) body.twoFactorCode = twoFactorCode;
          admit((await ask("POST", "/api/v1/auth/admin/login", { body: JSON.stringify(body), bare: true })).data);
        }

        export async function signOut() {
          const refreshToken = session && session.refresh;
          try { await ask("POST", "/api/v1/auth/logout", { body: JSON.stringify({ refreshToken }) }); } finally { keep(null); }
        }

        /** One renewal at a time: the same refresh token must not be shown twice. */
        function renew() {
          renewal ||= ask("POST", "/api/v1/auth/refresh", { body: JSON.stringify({ refreshToken: session.refresh }), bare: true })
            .then(answer => admit(answer.data))
            .catch(error => { if (error.status === 401) keep(null); throw error; })
            .finally(() => { renewal = null; });
          return renewal;
        }

        /**
         * Asks the API. Answers {data, meta, etag, response}; throws Refusal with the problem's code, sentence and fields.
         * - body: JSON text. raw: leave the answer's body unread. bare: without the session. signal: ends it.
         */
        export async function ask(method, path, options = {}, isRepeated = false) {
          const { body, headers = {}, raw = false, bare = false, signal } = options;
          if (!bare && session && session.until - Date.now() < 20000) await renew();
          const all = { Accept: "application/json", ...headers };
          if (body !== undefined) all["Content-Type"] = "application/json";
          if (!bare && session) all.Authorization = "Bearer " + session.access;
          let response;
          try {
            response = await fetch(path, { method, headers: all, body, signal, cache: "no-store" });
          } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new Refusal(0, { detail: "The server cannot be reached." });
          }
          if (response.status === 401 && !bare && session) {
            // Revoked or expired early: one renewal decides whether the session goes on.
            if (!isRepeated) {
              await renew();
              return ask(method, path, options, true);
            }
            keep(null);
          }
          if (raw && response.ok) return { response };
          const text = await response.text();
          let answer = {};
          try { answer = text ? JSON.parse(text) : {}; } catch { answer = { data: text }; }
          if (!response.ok) throw new Refusal(response.status, answer);
          const whole = answer.success === true ? answer : { data: answer };
          return { data: whole.data, meta: whole.meta, etag: response.headers.get("ETag"), response };
        }

        /** Calls `heard(name, data)` with every server-sent event until the stream ends. */
        export async function listen(path, heard, signal) {
          const { response } = await ask("GET", path, { raw: true, signal, headers: { Accept: "text/event-stream" } });
          const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
          let rest = "";
          for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const events = (rest + value).split("\n\n");
            rest = events.pop();
            for (const event of events) {
              const lines = event.split("\n");
              const field = name => (lines.find(line => line.startsWith(name + ": ")) || "").slice(name.length + 2);
              heard(field("event"), JSON.parse(field("data")));
            }
          }
        }
        """#
}
