package io.waybill.acceptance.audit;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks everything that must always be true of a system that has come to rest, by what it shows and by what its
 * partners wrote down. Its own tables it never reads.
 */
public final class Auditor {

    private static final List<Check> CHECKS = List.of(
            new MoneyCheck(),
            new StockCheck(),
            new RestCheck(),
            new OnceCheck(),
            new EventsCheck(),
            new RebuildCheck(),
            new PromisesCheck(),
            new ReplayCheck());

    private final Reader reader;

    public Auditor(Site site) {
        this.reader = new Reader(site);
    }

    /**
     * Audits the whole system when it has come to rest, or when patience is over. Nobody else may use it meanwhile.
     *
     * @param rebuilding whether all read models are rebuilt, so that they can be compared
     */
    public Report everything(Promises promises, boolean rebuilding, Duration patience) {
        Report first = until(patience, () -> check(reader.everything(promises, Replayed.NOTHING)));
        return first.isClean() && rebuilding ? check(reader.everything(promises, reader.rebuild())) : first;
    }

    /** Audits some orders, and products that nobody else bought, with the pieces that arrived of each. */
    public Report some(Collection<String> orders, Map<String, Long> products, Duration patience) {
        return until(patience, () -> check(reader.some(orders, products)));
    }

    static Report check(Books books) {
        return Report.of(books, violations(books).toList());
    }

    static Stream<Violation> violations(Books books) {
        return CHECKS.stream().flatMap(check -> check.violations(books));
    }

    /** The read models follow, and the last compensation may still be under way. */
    private static Report until(Duration patience, Supplier<Report> audit) {
        long deadline = System.nanoTime() + patience.toNanos();
        Report report = audit.get();
        while (!report.isClean() && System.nanoTime() < deadline) {
            Client.pause();
            report = audit.get();
        }
        return report;
    }

    /** Audits a running system, prints the report, and ends with 1 if anything is wrong. */
    public static void main(String[] args) {
        String password = System.getenv("WAYBILL_OPERATOR_PASSWORD");
        if (args.length < 3 || password == null) {
            System.err.println("usage: Auditor GATEWAY-URL PAYMENT-URL SHIPPING-URL [MANAGEMENT-URL...]");
            System.err.println("WAYBILL_OPERATOR_PASSWORD is the operator's password. All read models are rebuilt.");
            System.exit(2);
        }
        List<URI> addresses = Stream.of(args).map(URI::create).toList();
        var site = new Site(
                addresses.get(0), password, addresses.get(1), addresses.get(2), addresses.subList(3, addresses.size()));
        Report report = new Auditor(site).everything(new Promises(), true, Duration.ofMinutes(1));
        System.out.print(report);
        System.exit(report.isClean() ? 0 : 1);
    }
}
