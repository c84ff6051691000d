"""A PostgreSQL of the scenarios' own, reached by a socket in its folder; gone with them."""
import glob, os, shutil, subprocess


class Cluster:
    def __init__(self, folder):
        self.folder, self.data = folder, folder + "/data"
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
        self.programs = found[-1] if found else os.path.dirname(shutil.which("initdb") or "/usr/bin/initdb")
        # PostgreSQL refuses to run as root.
        self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o755)
        if self.prefix:
            shutil.chown(folder, "postgres", "postgres")

    def start(self):
        self._do("initdb", "-D", self.data, "-U", "atrium", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with open(self.data + "/postgresql.conf", "a") as conf:
            conf.write(f"\nlisten_addresses = ''\nunix_socket_directories = '{self.folder}'\nfsync = off\n"
                       "max_connections = 300\ntimezone = 'UTC'\nlog_min_messages = fatal\n")
        self._do("pg_ctl", "-D", self.data, "-w", "-l", self.folder + "/log", "start")

    def stop(self):
        subprocess.run([*self.prefix, f"{self.programs}/pg_ctl", "-D", self.data, "-m", "immediate", "stop"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def _do(self, program, *words):
        subprocess.run([*self.prefix, f"{self.programs}/{program}", *words], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def url(self, name):
        return f"postgresql://atrium@/{name}?host={self.folder}"

    def make(self, name):
        """A database, empty."""
        self.sql(f"create database {name}", "postgres")
        return Database(self, name)

    def sql(self, text, name):
        """The rows of one or more statements, each a list of texts."""
        done = subprocess.run(["psql", "-qXAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", self.url(name), "-f", "-"], input=text,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return [line.split("\x1f") for line in done.stdout.splitlines()]


class Database:
    def __init__(self, cluster, name):
        self.cluster, self.name, self.url = cluster, name, cluster.url(name)

    def rows(self, text):
        return self.cluster.sql(text, self.name)

    def value(self, text):
        rows = self.rows(text)
        return rows[0][0] if rows else None

    def count(self, text):
        return int(self.value(text))
