/// What a handler throws when an ordinary failure would say too little.
package enum JobVerdict: Error, Sendable {
    /// No further try can succeed.
    case giveUp(String)
    /// Not now; to be tried again after this time, without counting as a try.
    case snooze(Duration)
}
