package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;
import io.waybill.payment.charging.PaymentPartner;
import io.waybill.payment.sandbox.SandboxCall.Kind;
import io.waybill.payment.sandbox.SandboxCall.Verdict;
import io.waybill.simulation.Defect;
import io.waybill.simulation.Partner;
import io.waybill.simulation.Unanswered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The sandbox partner of production with books in memory, at the other end of a line that loses calls and answers. */
public final class SimulatedPartner implements PaymentPartner {

    /** How often, and how much, was moved for one key. */
    public record Moved(String key, int charges, int refunds, long captured, long refunded, String currency) {}

    private final Partner line;
    private final Books books;
    private final SandboxPartner sandbox;

    public SimulatedPartner(Partner line) {
        this.line = line;
        this.books = new Books(line.has(Defect.DELIVERS_TWICE_WITHOUT_DEDUP));
        this.sandbox = new SandboxPartner(books, Duration.ZERO);
    }

    public void clear() {
        books.calls.clear();
    }

    @Override
    public ChargeAnswer charge(String key, Money amount, String paymentMethod) {
        return line.call(
                () -> {
                    try {
                        return chargeAtSandbox(line.key(key), amount, paymentMethod);
                    } catch (PartnerUnreachable e) {
                        throw new Unanswered();
                    }
                },
                () -> new ChargeAnswer.Declined("timed out"));
    }

    /** A caller that hangs up at once, so that an answer that never comes takes no time. */
    private ChargeAnswer chargeAtSandbox(String key, Money amount, String paymentMethod) {
        boolean silent = paymentMethod.equals("pm_sandbox_silent");
        if (silent) {
            Thread.currentThread().interrupt();
        }
        try {
            return sandbox.charge(key, amount, paymentMethod);
        } finally {
            if (silent) {
                Thread.interrupted();
            }
        }
    }

    @Override
    public RefundAnswer refund(String key, boolean approved) {
        if (line.has(Defect.REFUNDS_WITHOUT_CHECKING)) {
            return new RefundAnswer.Refunded();
        }
        return line.call(() -> sandbox.refund(line.key(key), approved));
    }

    public List<Moved> moved() {
        List<Moved> all = new ArrayList<>();
        books.calls.forEach((key, calls) -> {
            List<SandboxCall> charges =
                    calls.stream().filter(call -> call.movedBy(Kind.CHARGE)).toList();
            List<SandboxCall> refunds =
                    calls.stream().filter(call -> call.movedBy(Kind.REFUND)).toList();
            all.add(new Moved(key, charges.size(), refunds.size(), sum(charges), sum(refunds), currency(charges)));
        });
        return all;
    }

    private static long sum(List<SandboxCall> calls) {
        return calls.stream()
                .map(SandboxCall::amount)
                .mapToLong(amount -> amount == null ? 0 : amount.minorUnits())
                .sum();
    }

    private static String currency(List<SandboxCall> calls) {
        Money amount = calls.isEmpty() ? null : calls.getFirst().amount();
        return amount == null ? "none" : amount.currency();
    }

    /** The sandbox's books without a database. */
    private static final class Books extends SandboxBooks {

        private final Map<String, List<SandboxCall>> calls = new HashMap<>();
        private final boolean forgetful;

        Books(boolean forgetful) {
            super(JdbcClient.create(new DriverManagerDataSource()), new JdbcTransactionManager());
            this.forgetful = forgetful;
        }

        @Override
        SandboxCall charge(String key, @Nullable SandboxMethod method, Money amount) {
            return enter(
                    key, Kind.CHARGE, method, amount, known(key, Kind.CHARGE).charge(method, amount));
        }

        @Override
        SandboxCall refund(String key, boolean approved) {
            Optional<SandboxCall> charge = account(key).charge();
            return enter(
                    key,
                    Kind.REFUND,
                    charge.map(SandboxCall::method).orElse(null),
                    charge.map(SandboxCall::amount).orElse(null),
                    known(key, Kind.REFUND).refund(approved));
        }

        /** All that was called with a key, or, if it is forgetful, nothing of this kind. */
        private SandboxAccount known(String key, Kind kind) {
            SandboxAccount all = account(key);
            return forgetful
                    ? new SandboxAccount(all.calls().stream()
                            .filter(call -> call.kind() != kind)
                            .toList())
                    : all;
        }

        @Override
        SandboxAccount account(String key) {
            return new SandboxAccount(calls.getOrDefault(key, List.of()));
        }

        private SandboxCall enter(
                String key, Kind kind, @Nullable SandboxMethod method, @Nullable Money amount, Verdict verdict) {
            List<SandboxCall> account = calls.computeIfAbsent(key, it -> new ArrayList<>());
            SandboxCall call = new SandboxCall(account.size(), key, kind, method, amount, verdict, Instant.EPOCH);
            account.add(call);
            return call;
        }
    }
}
