package io.waybill.shipping.sandbox;

import io.waybill.shipping.sandbox.SandboxCall.Kind;
import io.waybill.shipping.sandbox.SandboxCall.Result;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Opens the sandbox's books to whoever runs the system; the gateway does not route here. */
@RestController
class SandboxController {

    private final SandboxBooks books;

    SandboxController(SandboxBooks books) {
        this.books = books;
    }

    /**
     * All calls, or those with one key, or a part of all: behind the call {@code after}, at most {@code limit}. The
     * totals are those of the calls shown.
     */
    @GetMapping("/sandbox/shipments")
    BooksView books(
            @RequestParam Optional<String> key,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "" + Integer.MAX_VALUE) int limit) {
        List<SandboxCall> calls = key.map(books::calls).orElseGet(() -> books.callsAfter(after, Math.max(0, limit)));
        return new BooksView(calls.stream().map(CallView::of).toList(), totals(calls));
    }

    private static TotalView totals(List<SandboxCall> calls) {
        return new TotalView(effective(calls, Kind.BOOK), effective(calls, Kind.CANCEL));
    }

    private static long effective(List<SandboxCall> calls, Kind kind) {
        return calls.stream()
                .filter(call -> call.effective() && call.kind() == kind)
                .count();
    }

    record BooksView(List<CallView> items, TotalView totals) {}

    record TotalView(long booked, long cancelled) {}

    record CallView(
            long id,
            String key,
            Kind kind,
            Result result,
            @Nullable String trackingCode,
            @Nullable String reason,
            boolean effective,
            Instant time) {

        static CallView of(SandboxCall call) {
            return new CallView(
                    call.id(),
                    call.key(),
                    call.kind(),
                    call.result(),
                    call.trackingCode(),
                    call.reason(),
                    call.effective(),
                    call.receivedAt());
        }
    }
}
