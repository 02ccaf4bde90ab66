package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static io.waybill.acceptance.Status.CANCELLED;
import static io.waybill.acceptance.Status.COMPENSATION_STUCK;
import static io.waybill.acceptance.Status.CONFIRMED;
import static io.waybill.acceptance.Status.DISPATCHED;
import static io.waybill.acceptance.Status.REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The ways that orders take, each to its end, whatever breaks down in between: whoever gets no answer asks again.
 * Together they come by everything that happens to orders.
 */
enum Journey {
    DELIVERY {
        @Override
        void travel(PlacedOrder order, Callable<Boolean> givenUp) {
            becomes(order, CONFIRMED, givenUp);
            insists(order::dispatch, givenUp);
            becomes(order, DISPATCHED, givenUp);
        }
    },
    DECLINED {
        @Override
        Purchase of(Product product) {
            return super.of(product).paidWith("pm_card_visa_chargeDeclined");
        }

        @Override
        void travel(PlacedOrder order, Callable<Boolean> givenUp) {
            becomes(order, REJECTED, givenUp);
        }
    },
    REFUSED_BY_CARRIER {
        @Override
        Purchase of(Product product) {
            return super.of(product).sentNowhere();
        }

        @Override
        void travel(PlacedOrder order, Callable<Boolean> givenUp) {
            becomes(order, REJECTED, givenUp);
        }
    },
    REFUND_FAILS {
        @Override
        Purchase of(Product product) {
            return Purchase.of(product, product.received() + 1).paidWith("pm_sandbox_refund_fails");
        }

        @Override
        void travel(PlacedOrder order, Callable<Boolean> givenUp) {
            becomes(order, COMPENSATION_STUCK, givenUp);
            insists(order::resume, givenUp);
            becomes(order, REJECTED, givenUp);
        }
    },
    CANCELLATION {
        @Override
        void travel(PlacedOrder order, Callable<Boolean> givenUp) {
            becomes(order, CONFIRMED, givenUp);
            insists(order::cancel, givenUp);
            becomes(order, CANCELLED, givenUp);
        }
    };

    /** On a machine that is busy with something else. */
    private static final Duration LONG = Duration.ofMinutes(4);

    private static final Set<Integer> DONE = Set.of(200, 202, 204, 409);

    Purchase of(Product product) {
        return Purchase.of(product, 1);
    }

    abstract void travel(PlacedOrder order, Callable<Boolean> givenUp);

    /**
     * Places an order and takes it to its end.
     *
     * @param givenUp whether nobody is interested any more
     */
    PlacedOrder travel(Shop shop, Product product, Callable<Boolean> givenUp) {
        Purchase purchase = of(product);
        PlacedOrder order = within(LONG, "the order is accepted")
                .failFast("it is given up", givenUp)
                .ignoreException(ConditionTimeoutException.class)
                .until(() -> shop.accepts(purchase), Objects::nonNull);
        travel(order, givenUp);
        return order;
    }

    private static void becomes(PlacedOrder order, Status wanted, Callable<Boolean> givenUp) {
        within(LONG, order.id() + " becomes " + wanted)
                .failFast("it is given up", givenUp)
                .ignoreException(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(order.status()).isEqualTo(wanted));
    }

    /** A conflict tells that it was done the first time. */
    private static void insists(Supplier<Answer> deed, Callable<Boolean> givenUp) {
        within(LONG, "it is done")
                .failFast("it is given up", givenUp)
                .ignoreException(UncheckedIOException.class)
                .untilAsserted(() -> assertThat(deed.get().status()).isIn(DONE));
    }
}
