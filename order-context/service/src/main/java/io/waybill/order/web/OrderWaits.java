package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.stream.ReadingPace;
import io.waybill.messaging.waiting.ReadModelNews;
import io.waybill.order.api.FindOrder;
import io.waybill.order.api.FindOrders;
import io.waybill.order.api.OrderSummary;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Waits for orders without holding a thread. When there is news of orders, whichever process projected that, their
 * summaries are read with one query, however many they are and however many wait for each; where news comes all the
 * time, not at each of it.
 */
@Component
final class OrderWaits {

    static final String READ_MODEL = "order.tracking";

    private static final int MOST_AT_ONCE = 200;

    private static final Logger LOG = LoggerFactory.getLogger(OrderWaits.class);

    private record Waiting(Predicate<OrderSummary> wanted, CompletableFuture<Optional<OrderSummary>> answer) {}

    private final QueryGateway queries;
    private final ReadModelNews news;
    private final OrderReaders readers;
    private final int most;
    private final Map<OrderId, Watched> watched = new HashMap<>();

    /** Those of which there is news that nobody has read yet. */
    private final Set<Watched> outdated = new LinkedHashSet<>();

    /** Only the one that reads looks at it. */
    private final ReadingPace pace = new ReadingPace();

    private boolean reading;
    private int count;

    OrderWaits(QueryGateway queries, ReadModelNews news, OrderReaders readers, WatchingSettings settings) {
        this.queries = queries;
        this.news = news;
        this.readers = readers;
        this.most = settings.maxWaiting();
    }

    Optional<OrderSummary> find(OrderId id) {
        return queries.query(new FindOrder(id), ResponseTypes.optionalInstanceOf(OrderSummary.class))
                .join();
    }

    /** The order as it stands, read on another thread. */
    CompletableFuture<Optional<OrderSummary>> read(OrderId id) {
        return CompletableFuture.supplyAsync(() -> find(id), readers);
    }

    /**
     * Waits until the order is as wanted.
     *
     * @return answered with nothing if it is not in time; null if too many wait already
     */
    @Nullable
    CompletableFuture<Optional<OrderSummary>> await(OrderId id, Predicate<OrderSummary> wanted, Duration within) {
        Waiting waiting = new Waiting(wanted, new CompletableFuture<>());
        Watched order;
        synchronized (watched) {
            if (count == most) {
                return null;
            }
            count++;
            order = watched.computeIfAbsent(id, Watched::new);
            order.waiting.add(waiting);
        }
        readAgain(order);
        var unused = waiting.answer().completeOnTimeout(Optional.empty(), within.toMillis(), TimeUnit.MILLISECONDS);
        return waiting.answer().whenComplete((answer, failure) -> order.forget(waiting));
    }

    /** What comes while a read is under way is read together by the next. */
    private void readAgain(Watched order) {
        synchronized (watched) {
            outdated.add(order);
            if (reading) {
                return;
            }
            reading = true;
        }
        try {
            readers.execute(this::read);
        } catch (RejectedExecutionException e) {
            LOG.debug("Stopping");
        }
    }

    private void read() {
        while (true) {
            Map<OrderId, Watched> orders;
            try {
                pace.await();
            } catch (InterruptedException e) {
                LOG.debug("Stopping");
                return;
            }
            synchronized (watched) {
                if (outdated.isEmpty()) {
                    reading = false;
                    return;
                }
                orders = outdated.stream()
                        .limit(MOST_AT_ONCE)
                        .collect(Collectors.toUnmodifiableMap(order -> order.id, Function.identity()));
                outdated.removeAll(orders.values());
            }
            try {
                queries.query(new FindOrders(orders.keySet()), ResponseTypes.multipleInstancesOf(OrderSummary.class))
                        .join()
                        .forEach(found ->
                                Optional.ofNullable(orders.get(found.orderId())).ifPresent(order -> order.tell(found)));
            } catch (RuntimeException e) {
                // Whoever waits is told at the next news, or that it was not in time.
                LOG.debug("{} cannot be read for a moment", orders.keySet(), e);
            }
        }
    }

    /** An order that somebody waits for. */
    private final class Watched {

        private final OrderId id;
        private final Set<Waiting> waiting = new HashSet<>();
        private final ReadModelNews.Subscription subscription;

        Watched(OrderId id) {
            this.id = id;
            this.subscription = news.listen(READ_MODEL, id.value(), () -> readAgain(this));
        }

        private void tell(OrderSummary order) {
            List<Waiting> all;
            synchronized (watched) {
                all = List.copyOf(waiting);
            }
            all.stream()
                    .filter(one -> one.wanted().test(order))
                    .forEach(one -> one.answer().complete(Optional.of(order)));
        }

        void forget(Waiting done) {
            synchronized (watched) {
                if (!waiting.remove(done)) {
                    return;
                }
                count--;
                if (waiting.isEmpty()) {
                    watched.remove(id);
                    outdated.remove(this);
                    subscription.close();
                }
            }
        }
    }
}
