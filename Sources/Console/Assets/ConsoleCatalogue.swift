extension ConsoleAssets {
    /// What can be asked, read from the description of the API.
    static let catalogue = #"""
        // What can be asked, read from the description of the API: the console has no knowledge of its own of paths' parameters,
        // bodies and permissions.

        /** Path "/users/{id}" as an expression that catches the parameters. */
        function expression(template) {
          return new RegExp("^" + template.replace(/[.]/g, "\\.").replace(/{(\w+)}/g, "(?<$1>[^/]+)") + "$");
        }

        export class Catalogue {
          constructor(description) {
            this.schemas = (description.components || {}).schemas || {};
            this.operations = [];
            for (const [path, methods] of Object.entries(description.paths)) {
              for (const [method, entry] of Object.entries(methods)) this.operations.push(this.operation(method.toUpperCase(), path, entry));
            }
          }

          resolve(schema) {
            while (schema && schema.$ref) schema = this.schemas[schema.$ref.split("/").pop()];
            return schema || {};
          }

          operation(method, path, entry) {
            const parameters = entry.parameters || [];
            const query = parameters.filter(parameter => parameter.in === "query");
            const success = Object.entries(entry.responses).find(([status]) => status.startsWith("2"));
            const content = success && success[1].content && success[1].content["application/json"];
            const data = content && this.resolve(this.resolve(content.schema).properties ? this.resolve(content.schema).properties.data : null);
            const isList = Boolean(data && data.type === "array");
            const body = entry.requestBody && entry.requestBody.content["application/json"];
            const named = name => query.find(parameter => parameter.name === name);
            return {
              id: entry.operationId, method, path, summary: entry.summary, description: entry.description || "", tag: entry.tags[0],
              permission: entry["x-permission"], isForProviders: !(entry.security || []).some(way => way.bearer), isList, item: isList ? this.resolve(data.items) : data,
              filters: query.filter(parameter => !["page", "limit", "sort", "cursor", "format"].includes(parameter.name)),
              sorts: named("sort") ? named("sort").schema.enum || [] : [],
              paging: named("cursor") ? "cursor" : named("page") ? "pages" : null,
              isExport: Boolean(named("format") && !isList), isJSON: Boolean(content),
              body: body ? this.resolve(body.schema) : null, example: body ? body.example : undefined,
              takesKey: parameters.some(parameter => parameter.name === "Idempotency-Key"),
              takesMatch: parameters.some(parameter => parameter.name === "If-Match"),
              expression: expression(path),
            };
          }

          /** The reading operation that a path belongs to, literal paths before patterns. */
          reading(path) {
            const fits = this.operations.filter(operation => operation.method === "GET" && operation.expression.test(path));
            return fits.sort((a, b) => a.path.split("{").length - b.path.split("{").length)[0];
          }

          /** Whether there is a reading operation of just this path, without parameters. */
          stands(path) { return this.operations.some(operation => operation.method === "GET" && operation.path === path); }

          /** The operation that reads one of this list's items. */
          one(list) {
            return this.operations.find(operation => operation.method === "GET" && !operation.isExport && operation.isJSON
              && operation.path.startsWith(list.path + "/{") && /^{\w+}$/.test(operation.path.slice(list.path.length + 1)));
          }

          /** The template of an item, whether it can be read by itself or only changed. */
          itemTemplate(list) {
            const own = this.operations.find(operation => operation.path.startsWith(list.path + "/{")
              && /^{\w+}(\/|$)/.test(operation.path.slice(list.path.length + 1)));
            return own && own.path.slice(0, own.path.indexOf("}", list.path.length) + 1);
          }

          /** What can be done with the object of this template: changes of it, and actions right below it. */
          actions(template) {
            return this.operations.filter(operation => operation.method !== "GET" && !operation.isForProviders
              && (operation.path === template || (operation.path.startsWith(template + "/") && !operation.path.slice(template.length).includes("{"))));
          }

          /** What can be done with the collection as a whole: create, and actions beside its items; not what a collection below it has. */
          beside(list) {
            const below = this.operations.filter(other => other.isList && other.path.startsWith(list.path + "/") && !other.path.slice(list.path.length).includes("{"));
            return this.operations.filter(operation => operation.method !== "GET" && !operation.isForProviders
              && !below.some(other => operation.path === other.path || operation.path.startsWith(other.path + "/"))
              && (operation.path === list.path || (operation.path.startsWith(list.path + "/") && !operation.path.slice(list.path.length).includes("{")))
              && !operation.path.includes("/webhook/"));
          }

          exports(list) {
            return this.operations.filter(operation => operation.isExport && operation.path === list.path + "/export");
          }

          /** Lists and figures below an object. */
          below(template) {
            return this.operations.filter(operation => operation.method === "GET" && operation.isJSON && !operation.isExport
              && operation.path.startsWith(template + "/") && !operation.path.slice(template.length).includes("{"));
          }

          /** Every collection that stands by itself, by its heading in the documentation. */
          collections() {
            const byTag = new Map();
            for (const operation of this.operations) {
              if (operation.method !== "GET" || !operation.isJSON || operation.path.includes("{") || operation.isExport) continue;
              if (operation.filters.some(filter => filter.required)) continue;
              if (!byTag.has(operation.tag)) byTag.set(operation.tag, []);
              byTag.get(operation.tag).push(operation);
            }
            return byTag;
          }
        }
        """#
}
