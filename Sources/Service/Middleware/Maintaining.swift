/// While the platform is maintained its staff go on, providers are heard, and everybody else is asked to come back.
struct Maintaining: Gate {
    let board: RuleBoard

    func check(for operation: Operation) -> Check? {
        if operation.isOpenInMaintenance { return nil }
        return { [board] call in
            if let maintenance = board.rules(on: call.loop).maintenance, call.caller.principal?.isPlatformStaff != true {
                throw maintenance.problem
            }
        }
    }
}
