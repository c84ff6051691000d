/// A kind of job, with its queue, its retries and the code that does it.
package struct JobType: Sendable {}

/// When a job is started by the clock.
package struct Schedule: Sendable {}
