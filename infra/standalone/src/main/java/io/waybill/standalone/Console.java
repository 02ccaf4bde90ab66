package io.waybill.standalone;

import java.io.PrintStream;
import java.net.URI;
import java.util.Locale;

/** What the person at the terminal reads. */
final class Console {

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream out;
    private final PrintStream err;

    Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    PrintStream out() {
        return out;
    }

    synchronized void starting(Options options) {
        out.println("Waybill starts; its data is in " + options.data());
    }

    synchronized void started(String part, long nanos) {
        out.printf("  %-20s %5s s%n", part, seconds(nanos));
    }

    synchronized void traces(URI ui) {
        out.println("Traces are at " + ui);
    }

    /** The one time that it is printed. */
    synchronized void drawn(OperatorPassword password) {
        out.printf(
                "The operator is %s with the password %s (kept in %s)%n",
                OperatorPassword.ACCOUNT, password.read(), password.file());
    }

    synchronized void ready(Options options, boolean ownAccounts, long nanos) {
        String gateway = "http://127.0.0.1:" + options.port();
        out.printf(
                "Ready after %s s: %s (logs: %s)%n",
                seconds(nanos), gateway, options.data().resolve("logs"));
        if (!options.demo() || options.stay()) {
            if (ownAccounts) {
                out.println(thingsToTry(gateway));
            }
            out.printf("All of the API is at %s/docs%n%nStop it with Ctrl-C.%n", gateway);
        }
    }

    private static String thingsToTry(String gateway) {
        return """

            Three things to try:
              curl -s %1$s/api/users/register -H 'Content-Type: application/json' -d '{
                "email": "ada@example.com", "password": "twelve analytical engines", "name": "Ada Lovelace"}'
              token=$(curl -s %1$s/api/users/login -H 'Content-Type: application/json' -d '{
                "email": "ada@example.com", "password": "twelve analytical engines"}' |
                sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
              curl -s %1$s/api/orders -H "Authorization: Bearer $token" \\
                -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '{
                "lines": [{"sku": "MUG-ENAMEL", "quantity": 2}], "paymentMethod": "pm_card_visa",
                "shippingAddress": {"name": "Ada Lovelace", "street": "12 Analytical Road",
                                    "city": "London", "postalCode": "10115", "country": "GB"}}'\
            """.formatted(gateway);
    }

    synchronized void stopping() {
        out.println("Waybill stops.");
    }

    synchronized void stopped(long nanos) {
        out.printf("Stopped after %s s.%n", seconds(nanos));
    }

    synchronized void say(String text) {
        out.println(text);
    }

    synchronized void fail(String text) {
        err.println("waybill: " + text);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_SECOND);
    }
}
