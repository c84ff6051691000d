"""What the scenarios stand on: databases, two instances, the providers, and people."""
import itertools, os, random, re, shutil, subprocess, tempfile, uuid

from cluster import Cluster
from instance import BINARY, Instance
from messengers import Clerk, Expo, SendGrid, ShortMessages, Telegram
from providers import Cashfree, Razorpay, Stripe, YooKassa
from scenario import Failed, until
from wire import Caller

API = "/api/v1"
ADMIN = ("admin@studyspot.com", "Admin@123")
PASSWORD = "Acceptance-2026"
# The same for all instances.
DATA_KEY = "6b" * 32


class Stage:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="atrium-acceptance.")
        os.chmod(self.folder, 0o755)
        self.cluster = Cluster(self.folder + "/postgres")
        self.instances, self.numbers, self.known = [], itertools.count(1), {}
        try:
            self.cluster.start()
            self.stripe, self.razorpay, self.cashfree, self.yookassa = Stripe(), Razorpay(), Cashfree(), YooKassa()
            self.mail, self.texts, self.telegram = SendGrid(self.folder), ShortMessages(), self.bot_api()
            self.clerk, self.expo = Clerk(self.folder), Expo()
            self.services = [self.stripe, self.razorpay, self.cashfree, self.yookassa, self.mail, self.texts, self.telegram,
                             self.clerk, self.expo]
            self.database = self.cluster.make("main")
            self.populate()
            self.a = self.serve(self.database)
            self.b = self.serve(self.database)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for instance in self.instances:
            instance.kill()
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bot_api(self):
        return Telegram()

    def populate(self):
        """A company with a condo of forty units, their people and invoices."""
        subprocess.run([BINARY, "demo"], env={**os.environ, **self.environment(self.database)}, check=True, capture_output=True)

    def keep(self):
        """What the instances have written, for whoever looks for the reason."""
        os.makedirs(".build/acceptance", exist_ok=True)
        for name in os.listdir(self.folder):
            if name.endswith(".log"):
                shutil.copy(f"{self.folder}/{name}", ".build/acceptance/")

    def reset(self):
        """After a scenario: providers are well, and both instances are there."""
        for service in self.services:
            service.well()
        for instance in self.instances:
            if instance in (self.a, self.b):
                if not instance.is_running():
                    instance.start()
            else:
                instance.kill()
        self.instances = [self.a, self.b]

    # Instances

    def environment(self, database):
        """All providers set up, and no limit of requests in general; a scenario changes what it is about."""
        return {
            "PUBLIC_URL": "http://localhost:3000", "DATABASE_URL": database.url, "DATA_DIR": self.folder + "/data",
            "DATA_KEY": DATA_KEY, "FILE_URL_KEY": "6c" * 32,
            "PRODUCTS": "condominiums", "RATE_LIMIT_PER_MINUTE": "0", "LOG_LEVEL": "info", "DB_POOL_MAX": "16",
            "QUEUE_NOTIFICATIONS_PER_MINUTE": "100000", "PAYOUT_HOLD_DAYS": "0", "PAYOUT_MINIMUM": "1", "DRAIN_SECONDS": "1",
            "WEBHOOK_PRIVATE_NETWORKS": "127.0.0.0/8", "METRICS_TOKEN": "acceptance-metrics", "TRUSTED_PROXIES": "127.9.9.9",
            "STRIPE_API_URL": self.stripe.url, "STRIPE_SECRET_KEY": self.stripe.SECRET,
            "STRIPE_PUBLISHABLE_KEY": self.stripe.PUBLISHABLE, "STRIPE_WEBHOOK_SECRET": self.stripe.WEBHOOK,
            "RAZORPAY_API_URL": self.razorpay.url, "RAZORPAY_KEY_ID": self.razorpay.ID,
            "RAZORPAY_KEY_SECRET": self.razorpay.SECRET, "RAZORPAY_WEBHOOK_SECRET": self.razorpay.WEBHOOK,
            "CASHFREE_API_URL": self.cashfree.url, "CASHFREE_APP_ID": self.cashfree.ID, "CASHFREE_SECRET_KEY": self.cashfree.SECRET,
            "YOOKASSA_API_URL": self.yookassa.url, "YOOKASSA_SHOP_ID": self.yookassa.SHOP, "YOOKASSA_SECRET_KEY": self.yookassa.SECRET,
            "SENDGRID_API_URL": self.mail.url, "SENDGRID_API_KEY": self.mail.KEY, "SENDGRID_FROM_EMAIL": "office@example.com",
            "SENDGRID_WEBHOOK_PUBLIC_KEY": self.mail.public_key,
            "TWILIO_API_URL": self.texts.url, "TWILIO_ACCOUNT_SID": self.texts.SID, "TWILIO_AUTH_TOKEN": self.texts.TOKEN,
            "TWILIO_PHONE_NUMBER": "+15005550006", "MSG91_API_URL": self.texts.url, "MSG91_AUTH_KEY": self.texts.KEY,
            **{f"DLT_TEMPLATE_{name}_ID": f"11071{i:014}" for i, name in enumerate(
                ("OTP", "WELCOME", "PAYMENT_SUCCESS", "PAYMENT_REMINDER", "BOOKING", "EXPIRY"))},
            "DLT_ENTITY_ID": "1101400000000000001", "SMS_CREDIT_SCOPES": "company",
            "TELEGRAM_API_URL": self.telegram.url, "TELEGRAM_CONDO_BOT_TOKEN": self.telegram.TOKEN,
            "TELEGRAM_CONDO_BOT_USERNAME": "acceptance_bot",
            "EXPO_API_URL": self.expo.url, "EXPO_ACCESS_TOKEN": "expo-acceptance",
            "CLERK_SECRET_KEY": "sk_test_acceptance", "CLERK_ISSUER": self.clerk.url, "CLERK_API_URL": self.clerk.url + "/v1",
            "CLERK_JWKS_URL": self.clerk.url + "/.well-known/jwks.json", "CLERK_AUTHORIZED_PARTIES": "http://localhost:3000",
        }

    def instance(self, database=None, command="serve", **changed):
        """One that has not been started."""
        environment = self.environment(database or self.database)
        environment.update(changed)
        environment = {k: v for k, v in environment.items() if v is not None}
        instance = Instance(environment, f"{self.folder}/{next(self.numbers)}.log", command)
        self.instances.append(instance)
        return instance

    def serve(self, database=None, **changed):
        return self.instance(database, **changed).start()

    # People

    def guest(self, server=None, source=None):
        return Caller(server or self.a, source=source or self.address())

    def address(self):
        """A network address that nobody has used."""
        number = next(self.numbers)
        return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"

    def admin(self, server=None):
        """The platform's first administrator."""
        server = server or self.a
        token = self.once("admin of " + server.environment["DATABASE_URL"], lambda: self.sign_in(*ADMIN, server=server)["accessToken"])
        return Caller(server, token)

    def of_demo(self, name):
        """Somebody of the demo: director, accountant, admin, worker, owner, resident."""
        signed = self.once("demo " + name, lambda: self.sign_in(name + "@birchwood.example", "Birchwood-2025"))
        return Caller(self.a, signed["accessToken"])

    def sign_in(self, email, password, path="/auth/login", server=None):
        answer = self.guest(server).post(API + path, {"email": email, "password": password})
        if answer.status != 200:
            raise Failed(f"{email} cannot sign in: {answer.status} {answer.text[:200]}")
        return answer.data

    def person(self, server=None):
        """Somebody who has registered just now: (caller, what signing in gave)."""
        email = f"person{next(self.numbers)}@example.com"
        answer = self.guest(server).post(API + "/auth/register", {
            "email": email, "password": PASSWORD, "firstName": "Paula", "lastName": "Person", "locale": "en", "acceptTerms": True})
        if answer.status != 201:
            raise Failed(f"nobody can register: {answer.status} {answer.text[:200]}")
        return Caller(server or self.a, answer.data["accessToken"]), answer.data

    def indian(self):
        """Somebody with a phone of India, signed in by its code: (caller, what signing in gave)."""
        phone = f"+9198{random.randrange(10**7, 10**8)}"
        guest = self.guest()
        guest.post(API + "/auth/codes", {"phone": phone})
        code = re.search(r"\d{6}", until(lambda: self.texts.to(phone), "a code")[-1]["text"]).group()
        answer = guest.post(API + "/auth/codes/verify", {"phone": phone, "code": code, "firstName": "Indira", "lastName": "Person"})
        if answer.status != 200:
            raise Failed(f"nobody can sign in by a code: {answer.status} {answer.text[:200]}")
        return Caller(self.a, answer.data["accessToken"]), answer.data

    def staff(self, role, server=None):
        """A member of the platform's staff: (caller, what signing in gave)."""
        email = f"{role}{next(self.numbers)}@example.com"
        made = self.admin(server).post(API + "/admin/users", {
            "email": email, "firstName": "Stella", "lastName": "Staff", "role": role, "password": PASSWORD})
        if made.status != 201:
            raise Failed(f"no staff can be made: {made.status} {made.text[:200]}")
        signed = self.sign_in(email, PASSWORD, "/auth/admin/login", server)
        return Caller(server or self.a, signed["accessToken"]), signed

    def once(self, name, make):
        """What several scenarios need is made by the first."""
        if name not in self.known:
            self.known[name] = make()
        return self.known[name]

    def unique(self):
        return uuid.uuid4().hex[:12]
