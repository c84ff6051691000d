/// How many jobs of a queue came to which end since it was last written down.
struct QueueTally {
    var completed = 0
    var failed = 0
}
