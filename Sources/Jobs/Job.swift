import Values

/// One piece of work in a queue. Its rows are read as `LeasedJob`; this names their ids.
package enum Job {}
