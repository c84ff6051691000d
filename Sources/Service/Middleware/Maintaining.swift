/// While the platform is maintained its staff go on, providers are heard, and everybody else is asked to come back.
struct Maintaining: Middleware {
    let board: RuleBoard

    func around(_ operation: Operation, _ next: @escaping Operation.Run) -> Operation.Run {
        if operation.isOpenInMaintenance { return next }
        return { [board] call in
            if let maintenance = board.rules(on: call.loop).maintenance, call.caller.principal?.isPlatformStaff != true {
                throw maintenance.problem
            }
            return try await next(call)
        }
    }
}
