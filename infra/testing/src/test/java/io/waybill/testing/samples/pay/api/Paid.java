package io.waybill.testing.samples.pay.api;

import io.waybill.kernel.Revision;
import io.waybill.kernel.Sku;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Revision(3)
public record Paid(
        Sku sku, List<Part> parts, Way way, @Nullable String note) implements PayEvent {

    public record Part(int count) {}

    public enum Way {
        CARD,
        CASH
    }
}
