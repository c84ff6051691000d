import CSystem
import Glibc

/// Signals as events of a loop (signalfd(2)).
package enum Signals {
    /// Blocks the signals for the calling thread and every thread it starts later. Called first thing in `main`,
    /// before Dispatch or a loop has a thread; SIGPIPE is ignored for good.
    package static func block(_ signals: [Int32] = [SIGTERM, SIGINT, SIGHUP, SIGUSR2]) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Calls `handler` on the loop for each blocked signal that arrives. Called on the loop.
    package static func listen(
        _ signals: [Int32], on loop: EventLoop, handler: @escaping (Int32) -> Void
    ) throws {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        let fd = try checked("signalfd", signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC)))
        try loop.add(SignalChannel(fd: fd, handler: handler), .read)
    }
}

private final class SignalChannel: Channel {
    private let handler: (Int32) -> Void

    init(fd: Int32, handler: @escaping (Int32) -> Void) {
        self.handler = handler
        super.init(fd: fd)
    }

    deinit { close(fd) }

    override func onEvent(_ events: Events) {
        var info = signalfd_siginfo()
        while read(fd, &info, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size {
            handler(Int32(info.ssi_signo))
        }
    }
}
