extension QueuePage {
    /// The session, shared with the console in the same tab, and the requests.
    static let session = #"""
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

        function admit(data) {
          keep({ user: data.user, access: data.accessToken, refresh: data.refreshToken, until: Date.now() + data.expiresIn * 1000 });
        }

        export const user = () => session && session.user;

        /** Whether buttons are worth showing: the server decides in any case. */
        export function may(permission) {
          const own = (user() && user().permissions) || [];
          return !own.includes("-" + permission) && (own.includes("*") || own.includes(permission));
        }

        export class Refusal extends Error {
          constructor(status, problem) {
            super(problem.detail || "The server answered " + status + ".");
            this.status = status;
          }
        }

        export async function signIn(email, password) {
          admit((await ask("POST", "/api/v1/auth/admin/login", { email, password }, { bare: true })).data);
        }

        export async function signOut() {
          try { await ask("POST", "/api/v1/auth/logout", { refreshToken: session.refresh }); } finally { keep(null); }
        }

        /** One renewal at a time: the same refresh token must not be shown twice. */
        function renew() {
          renewal ||= ask("POST", "/api/v1/auth/refresh", { refreshToken: session.refresh }, { bare: true })
            .then(answer => admit(answer.data))
            .catch(error => { if (error.status === 401) keep(null); throw error; })
            .finally(() => { renewal = null; });
          return renewal;
        }

        async function send(method, path, body, bare, signal) {
          if (!bare && session && session.until - Date.now() < 20000) await renew();
          const headers = {};
          if (body !== undefined) headers["Content-Type"] = "application/json";
          if (!bare && session) headers.Authorization = "Bearer " + session.access;
          try {
            return await fetch(path, { method, headers, signal, cache: "no-store", body: body === undefined ? undefined : JSON.stringify(body) });
          } catch (error) {
            if (error.name === "AbortError") throw error;
            throw new Refusal(0, { detail: "The server cannot be reached." });
          }
        }

        /** Asks the API: answers {data, meta}, or the response itself when `raw`. */
        export async function ask(method, path, body, { bare = false, raw = false, signal } = {}, isRepeated = false) {
          const response = await send(method, path, body, bare, signal);
          if (response.status === 401 && !bare && session) {
            if (!isRepeated) { await renew(); return ask(method, path, body, { bare, raw, signal }, true); }
            keep(null);
          }
          if (raw && response.ok) return response;
          const text = await response.text();
          let answer = {};
          try { answer = text ? JSON.parse(text) : {}; } catch { }
          if (!response.ok) throw new Refusal(response.status, answer);
          return answer;
        }

        /** Calls `heard(name, data)` with every server-sent event until the stream ends. */
        export async function listen(path, heard, signal) {
          const response = await ask("GET", path, undefined, { raw: true, signal });
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
