package io.waybill.shipping.sandbox;

import io.waybill.kernel.Address;
import io.waybill.shipping.booking.Carrier;
import io.waybill.shipping.sandbox.SandboxCall.Kind;
import io.waybill.shipping.sandbox.SandboxCall.Result;
import io.waybill.simulation.Partner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The sandbox carrier of production with books in memory, at the other end of a line that loses calls and answers. */
public final class SimulatedCarrier implements Carrier {

    /** How often a parcel was booked and taken back under one key. */
    public record Booked(String key, int bookings, int cancellations) {}

    private final Partner line;
    private final Books books = new Books();
    private final SandboxCarrier sandbox = new SandboxCarrier(books);

    public SimulatedCarrier(Partner line) {
        this.line = line;
    }

    public void clear() {
        books.calls.clear();
    }

    @Override
    public BookingAnswer book(String key, Address address) {
        return line.call(() -> sandbox.book(line.key(key), address));
    }

    @Override
    public void cancel(String key) {
        line.call(() -> {
            sandbox.cancel(line.key(key));
            return true;
        });
    }

    public List<Booked> booked() {
        List<Booked> all = new ArrayList<>();
        books.calls.forEach(
                (key, calls) -> all.add(new Booked(key, effective(calls, Kind.BOOK), effective(calls, Kind.CANCEL))));
        return all;
    }

    private static int effective(List<SandboxCall> calls, Kind kind) {
        return (int) calls.stream()
                .filter(call -> call.kind() == kind && call.effective())
                .count();
    }

    /** The sandbox's books without a database. */
    private static final class Books extends SandboxBooks {

        private final Map<String, List<SandboxCall>> calls = new HashMap<>();
        private long last;

        Books() {
            super(JdbcClient.create(new DriverManagerDataSource()), new JdbcTransactionManager());
        }

        @Override
        List<SandboxCall> calls(String key) {
            return calls.getOrDefault(key, List.of());
        }

        @Override
        SandboxCall alone(String key, Supplier<SandboxCall> entry) {
            return entry.get();
        }

        @Override
        SandboxCall enter(
                String key,
                Kind kind,
                Result result,
                @Nullable String trackingCode,
                @Nullable String reason,
                boolean effective) {
            SandboxCall call =
                    new SandboxCall(++last, key, kind, result, trackingCode, reason, effective, Instant.EPOCH);
            calls.computeIfAbsent(key, it -> new ArrayList<>()).add(call);
            return call;
        }
    }
}
