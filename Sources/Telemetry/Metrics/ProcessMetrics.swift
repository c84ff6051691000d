import Glibc
import Values

/// What the operating system knows of this process, under the names every Prometheus client uses.
package enum ProcessMetrics {
    package static func register(in registry: MetricRegistry) {
        let start = Double(Instant.now.microseconds) / 1e6
        registry.sampledGauge("process_start_time_seconds", "Start of the process, seconds since 1970.") { start }
        registry.sampledCounter("process_cpu_seconds_total", "Processor time used, user and system.") {
            var usage = rusage()
            getrusage(RUSAGE_SELF.rawValue, &usage)
            return seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
        registry.sampledGauge("process_resident_memory_bytes", "Resident memory.") { Double(residentBytes ?? 0) }
        registry.sampledGauge("process_open_fds", "Open file descriptors.") { Double(openDescriptors) }
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }

    /// The second number of /proc/self/statm (proc(5)), in pages.
    package static var residentBytes: Int? {
        let fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(fd, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let fields = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static var openDescriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // "." and "..", and the descriptor of the folder itself.
        return max(0, count - 3)
    }
}
