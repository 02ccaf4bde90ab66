package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;
import io.waybill.payment.charging.PaymentPartner;
import io.waybill.payment.sandbox.SandboxCall.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Answers as its books say, early, late or never. */
@Component
class SandboxPartner implements PaymentPartner {

    private static final Duration FOR_EVER = Duration.ofMinutes(5);

    private final SandboxBooks books;
    private final Duration slowness;

    SandboxPartner(SandboxBooks books, @Value("${waybill.payment.sandbox.slowness:5s}") Duration slowness) {
        this.books = books;
        this.slowness = slowness;
    }

    @Override
    public ChargeAnswer charge(String key, Money amount, String paymentMethod) {
        @Nullable SandboxMethod method = SandboxMethod.named(paymentMethod).orElse(null);
        SandboxCall call = books.charge(key, method, amount);
        if (method == SandboxMethod.SLOW) {
            pause(slowness);
        }
        Verdict verdict = call.verdict();
        return switch (verdict.result()) {
            case CHARGED -> {
                if (method == SandboxMethod.SILENT) {
                    pause(FOR_EVER);
                    throw new PartnerUnreachable("the answer to a charge never arrived");
                }
                yield new ChargeAnswer.Charged(reference(key));
            }
            case DECLINED -> new ChargeAnswer.Declined(String.valueOf(verdict.reason()));
            case UNAVAILABLE -> throw new PartnerUnreachable("the partner cannot be reached");
            case REFUNDED, NOTHING_CHARGED, REFUSED -> throw noAnswerTo("charge", verdict);
        };
    }

    @Override
    public RefundAnswer refund(String key, boolean approved) {
        Verdict verdict = books.refund(key, approved).verdict();
        return switch (verdict.result()) {
            case REFUNDED -> new RefundAnswer.Refunded();
            case NOTHING_CHARGED -> new RefundAnswer.NothingCharged();
            case REFUSED -> new RefundAnswer.Refused(String.valueOf(verdict.reason()));
            case CHARGED, DECLINED, UNAVAILABLE -> throw noAnswerTo("refund", verdict);
        };
    }

    /** A repeated charge is answered with the first one's reference. */
    private static String reference(String key) {
        return "sandbox:" + key;
    }

    private static IllegalStateException noAnswerTo(String kind, Verdict verdict) {
        return new IllegalStateException(verdict.result() + " is no answer to a " + kind);
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartnerUnreachable("the caller hung up");
        }
    }
}
