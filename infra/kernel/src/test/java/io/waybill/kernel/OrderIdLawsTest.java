package io.waybill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What holds for every drawn order id and for the ids that follow from it. */
class OrderIdLawsTest {

    /** The last millisecond that 48 bits hold, in the year 10889. */
    private static final long LAST_MILLISECOND = (1L << 48) - 1;

    @Property
    void a_drawn_order_id_is_a_uuid_of_version_7_and_carries_its_time(
            @ForAll @LongRange(min = 0, max = LAST_MILLISECOND) long millisecond, @ForAll long seed) {
        UUID uuid = uuid(draw(millisecond, seed));

        assertThat(uuid.version()).isEqualTo(7);
        assertThat(uuid.variant()).isEqualTo(2);
        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(millisecond);
    }

    @Property
    void order_ids_sort_by_the_millisecond_they_were_drawn_in(
            @ForAll @LongRange(min = 0, max = LAST_MILLISECOND) long one,
            @ForAll @LongRange(min = 0, max = LAST_MILLISECOND) long other,
            @ForAll long seed,
            @ForAll long otherSeed) {
        if (one == other) {
            return;
        }
        int order = draw(one, seed).value().compareTo(draw(other, otherSeed).value());

        assertThat(Integer.signum(order)).isEqualTo(Long.compare(one, other));
    }

    @Property
    void payment_and_shipment_ids_follow_from_the_order_id(@ForAll long seed) {
        OrderId orderId = draw(1_700_000_000_000L, seed);
        String uuid = uuid(orderId).toString();

        assertThat(PaymentId.forOrder(orderId)).hasToString("pay_" + uuid).isEqualTo(PaymentId.forOrder(orderId));
        assertThat(ShipmentId.forOrder(orderId)).hasToString("shp_" + uuid).isEqualTo(ShipmentId.forOrder(orderId));
    }

    private static OrderId draw(long millisecond, long seed) {
        return OrderId.timeOrdered(Instant.ofEpochMilli(millisecond), new SplittableRandom(seed));
    }

    private static UUID uuid(OrderId orderId) {
        return UUID.fromString(orderId.value().substring("ord_".length()));
    }
}
