extension ConsoleAssets {
    /// What browsers ask for at `/favicon.ico` beside every page.
    static let icon = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#2563eb"/>
        <path d="M8 25 16 7l8 18M11 19h10" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>
        """#
}
