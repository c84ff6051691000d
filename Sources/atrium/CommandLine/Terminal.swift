import Glibc

/// Lines for the person, or the program, that started the command. Logs do not go through here.
enum Terminal {
    static func line(_ text: String = "", terminator: String = "\n") { write(text + terminator, to: 1) }

    static func error(_ text: String) { write(text + "\n", to: 2) }

    /// A line of standard input without its end; nil at its end. Not echoed when `secretly` and it is a terminal.
    static func readSecret(prompt: String) -> String? {
        var saved = termios()
        let isTerminal = isatty(0) == 1 && tcgetattr(0, &saved) == 0
        if isTerminal {
            write(prompt, to: 2)
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSANOW, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(0, TCSANOW, &saved)
                write("\n", to: 2)
            }
        }
        return readLine()
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, rest.count > 0 {
                let count = Glibc.write(descriptor, start, rest.count)
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
