package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;
import io.waybill.payment.sandbox.SandboxCall.Kind;
import io.waybill.payment.sandbox.SandboxCall.Result;
import io.waybill.payment.sandbox.SandboxCall.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All calls so far with one key, and what they mean for the next one. */
record SandboxAccount(List<SandboxCall> calls) {

    private static final int UNAVAILABLE_TIMES = 3;

    SandboxAccount {
        calls = List.copyOf(calls);
    }

    Verdict charge(@Nullable SandboxMethod method, Money amount) {
        if (charge().isPresent()) {
            return Verdict.unmoved(Result.CHARGED);
        }
        if (has(Result.NOTHING_CHARGED)) {
            return Verdict.unmoved(Result.DECLINED, "refunded_before");
        }
        if (amount.minorUnits() < 0) {
            return Verdict.unmoved(Result.DECLINED, "invalid_amount");
        }
        return switch (method) {
            case null -> Verdict.unmoved(Result.DECLINED, "unknown_payment_method");
            case DECLINED -> Verdict.unmoved(Result.DECLINED, "card_declined");
            case INSUFFICIENT_FUNDS -> Verdict.unmoved(Result.DECLINED, "insufficient_funds");
            case UNAVAILABLE ->
                calls.size() < UNAVAILABLE_TIMES ? Verdict.unmoved(Result.UNAVAILABLE) : Verdict.moved(Result.CHARGED);
            case VISA, SLOW, SILENT, REFUND_FAILS -> Verdict.moved(Result.CHARGED);
        };
    }

    Verdict refund(boolean approved) {
        Optional<SandboxCall> charge = charge();
        if (charge.isEmpty()) {
            return Verdict.unmoved(Result.NOTHING_CHARGED);
        }
        if (has(Result.REFUNDED)) {
            return Verdict.unmoved(Result.REFUNDED);
        }
        if (charge.get().method() == SandboxMethod.REFUND_FAILS && !approved) {
            return Verdict.unmoved(Result.REFUSED, "refund_not_allowed");
        }
        return Verdict.moved(Result.REFUNDED);
    }

    Optional<SandboxCall> charge() {
        return calls.stream().filter(call -> call.movedBy(Kind.CHARGE)).findFirst();
    }

    private boolean has(Result result) {
        return calls.stream().anyMatch(call -> call.is(result));
    }
}
