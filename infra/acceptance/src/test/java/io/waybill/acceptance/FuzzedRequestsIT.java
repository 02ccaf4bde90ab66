package io.waybill.acceptance;

import static io.waybill.acceptance.Status.CONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.acceptance.fuzz.Storm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Requests that are made out of the OpenAPI document and then spoiled. {@code -Dwaybill.fuzz.seed} makes others,
 * {@code -Dwaybill.fuzz.requests} more of them.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ResourceLock(RunningSystem.OF_ITS_OWN)
@Tag("standalone")
class FuzzedRequestsIT {

    private static final long LEAST = 100_000;

    /** The same in each ordinary run, so that it fails because something has changed, and not by chance. */
    private static final long SEED = 4;

    private static final Pattern TROUBLE = Pattern.compile("(?m)^.*\\b(?:ERROR|SEVERE)\\b.*$|^\\tat .*$|^.*LEAK: .*$");

    /** So high that nobody is turned away. */
    private static final List<String> NO_LIMITS = Stream.of("ordering", "administration", "reading", "other")
            .flatMap(policy -> Stream.of("quota=1000000", "refill=100000")
                    .map(setting -> "waybill.gateway.limits.policies.%s.%s".formatted(policy, setting)))
            .toList();

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void nothing_that_is_sent_breaks_anything() throws IOException {
        long seed = Long.getLong("waybill.fuzz.seed", SEED);
        long requests = Long.getLong("waybill.fuzz.requests", LEAST);
        System.out.printf("%d fuzzed requests, -Dwaybill.fuzz.seed=%d%n", requests, seed);
        Path accessLogs = TemporaryFolder.create("access");
        var settings = new ArrayList<>(NO_LIMITS);
        settings.addAll(List.of(
                "waybill.gateway.limits.policies.register.quota=10000",
                "waybill.gateway.limits.policies.login.quota=10000",
                "server.tomcat.accesslog.enabled=true",
                "server.tomcat.accesslog.directory=" + accessLogs,
                "server.tomcat.accesslog.prefix=${waybill.context}.",
                "server.tomcat.accesslog.pattern=%{Fuzz}i",
                "server.tomcat.accesslog.buffered=false"));
        try (Standalone system = Standalone.inFreshFolder("fuzzed", settings)) {
            system.start();
            Shop shop = Shop.at(system);
            for (String method : List.of("pm_card_visa", "pm_card_visa_chargeDeclined")) {
                shop.accepts(Purchase.of(shop.sells(10), 1).paidWith(method)).comesToRest();
            }
            var storm = new Storm(
                    system.gateway(),
                    shop.gateway().get("/openapi.json").orFail().body(),
                    who -> Accounts.at(system).token(who));
            storm.lookAround();
            Instant begin = Instant.now();
            Storm.Outcome outcome = storm.rage(seed, requests);
            Duration took = Duration.between(begin, Instant.now());

            long reached = numbersIn(accessLogs).cardinality();
            System.out.printf(
                    "Answers in %d s: %s; %d requests reached a context.%n",
                    took.toSeconds(), outcome.answers(), reached);

            // What was fuzzed is nobody's books any more; a new shop's must be right.
            Shop afterwards = Shop.at(system);
            afterwards.accepts(Purchase.of(afterwards.sells(5), 1)).becomes(CONFIRMED);
            afterwards.audit();
            assertThat(outcome.findings()).as("findings of seed %d", seed).isEmpty();
            assertThat(trouble(system)).as("what the log tells").isEmpty();
            assertThat(outcome.sent()).isGreaterThanOrEqualTo(Math.max(requests, 1));
            assertThat(reached).as("requests that reached a context").isGreaterThanOrEqualTo(outcome.sent() / 2);
        } finally {
            TemporaryFolder.delete(accessLogs);
        }
    }

    /** Which requests contexts have seen, however often. */
    private static BitSet numbersIn(Path accessLogs) throws IOException {
        var numbers = new BitSet();
        try (Stream<Path> files = Files.list(accessLogs)) {
            for (Path file : files.toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.filter(line -> line.matches("\\d{1,9}")).forEach(line -> numbers.set(Integer.parseInt(line)));
                }
            }
        }
        return numbers;
    }

    private static List<String> trouble(Standalone system) throws IOException {
        var logs = new StringBuilder(system.output());
        try (Stream<Path> files = Files.list(system.data().resolve("logs"))) {
            for (Path file : files.toList()) {
                logs.append(Files.readString(file));
            }
        }
        return TROUBLE.matcher(logs)
                .results()
                .map(found -> found.group())
                .distinct()
                .limit(50)
                .toList();
    }
}
