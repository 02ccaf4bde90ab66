package io.waybill.payment.sandbox;

import io.waybill.messaging.web.MoneyView;
import io.waybill.payment.sandbox.SandboxCall.Kind;
import io.waybill.payment.sandbox.SandboxCall.Result;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

    /** All calls, or those with one key, or a part of all: behind the call {@code after}, at most {@code limit}. */
    @GetMapping("/sandbox/payments")
    BooksView books(
            @RequestParam Optional<String> key,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "" + Integer.MAX_VALUE) int limit) {
        List<SandboxCall> calls =
                key.map(it -> books.account(it).calls()).orElseGet(() -> books.callsAfter(after, Math.max(0, limit)));
        return new BooksView(calls.stream().map(CallView::of).toList(), totals(books.totals()));
    }

    private static Map<String, TotalView> totals(List<SandboxTotal> totals) {
        return totals.stream()
                .collect(Collectors.toMap(
                        total -> total.captured().currency(),
                        total -> new TotalView(
                                total.captured().amount(), total.refunded().amount())));
    }

    record BooksView(List<CallView> items, Map<String, TotalView> totals) {}

    record TotalView(String captured, String refunded) {}

    record CallView(
            long id,
            String key,
            Kind kind,
            @Nullable MoneyView amount,
            Result result,
            @Nullable String reason,
            boolean moved,
            Instant time) {

        static CallView of(SandboxCall call) {
            return new CallView(
                    call.id(),
                    call.key(),
                    call.kind(),
                    call.amount() == null ? null : MoneyView.of(call.amount()),
                    call.verdict().result(),
                    call.verdict().reason(),
                    call.verdict().moved(),
                    call.receivedAt());
        }
    }
}
