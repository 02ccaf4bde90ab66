package io.waybill.acceptance;

import static io.waybill.acceptance.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.waybill.acceptance.audit.Auditor;
import io.waybill.acceptance.audit.Report;
import io.waybill.acceptance.audit.Site;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The shop as its customers see it. It remembers what it sold to whom; registered as an extension, it is audited when
 * all stories of a class have been told.
 */
final class Shop implements AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Supplier<RunningSystem> system;
    private final Http gateway;
    private final List<Product> products = new CopyOnWriteArrayList<>();
    private final List<PlacedOrder> orders = new CopyOnWriteArrayList<>();

    private Shop(Supplier<RunningSystem> system) {
        this.system = system;
        this.gateway = Http.toGateway(system);
    }

    /** On the system that most stories share. */
    static Shop open() {
        return new Shop(SharedSystem::get);
    }

    static Shop at(RunningSystem system) {
        return at(() -> system);
    }

    /** On a system that is asked for when the first customer comes. */
    static Shop at(Supplier<RunningSystem> system) {
        return new Shop(system);
    }

    Http gateway() {
        return gateway;
    }

    List<PlacedOrder> orders() {
        return List.copyOf(orders);
    }

    /** A new product for 12.50 EUR with so many pieces in stock. */
    Product sells(int pieces) {
        return sells(pieces, "EUR");
    }

    Product sells(int pieces, String currency) {
        String sku = "STORY-" + UUID.randomUUID().toString().substring(0, 13).toUpperCase(Locale.ROOT);
        var offer = JsonNodeFactory.instance.objectNode().put("name", "A thing of a story");
        offer.putObject("price").put("amount", "12.50").put("currency", currency);
        gateway.put("/api/products/" + sku, offer.toString()).orFail();
        gateway.post("/api/products/" + sku + "/stock", "{\"quantity\":%d}".formatted(pieces))
                .orFail();
        var product = new Product(gateway, sku, pieces);
        products.add(product);
        within(PATIENCE, sku + " is on the shelf").ignoreExceptions().until(() -> product.available() == pieces);
        return product;
    }

    /** Sends the request and takes the answer as it is. */
    Answer asks(Purchase purchase, String... headers) {
        var all = new ArrayList<>(List.of("Idempotency-Key", purchase.key()));
        all.addAll(List.of(headers));
        return gateway.post("/api/orders", purchase.toJson().toString(), all.toArray(String[]::new));
    }

    /** Places an order that has to be accepted. */
    PlacedOrder accepts(Purchase purchase) {
        Answer answer = within(PATIENCE, "an answer to the order")
                .ignoreException(UncheckedIOException.class)
                .until(() -> asks(purchase), Shop::isFinal);
        return remember(new PlacedOrder(gateway, answer.orFail().text("orderId"), purchase));
    }

    /** Places all orders at the same time. */
    List<PlacedOrder> acceptsAtOnce(List<Purchase> purchases) {
        return atOnce(purchases.stream()
                .<Callable<PlacedOrder>>map(purchase -> () -> accepts(purchase))
                .toList());
    }

    /** Everything that must be true of what was sold so far. */
    void audit() {
        RunningSystem running = system.get();
        Optional<Site> site = running.context("payment")
                .flatMap(payment -> running.context("shipping")
                        .map(shipping ->
                                new Site(running.gateway(), running.operatorPassword(), payment, shipping, List.of())));
        if (site.isEmpty()) {
            System.out.println("The partners' books cannot be reached, so nothing was audited.");
            return;
        }
        orders.forEach(PlacedOrder::comesToRest);
        Report report = new Auditor(site.get())
                .some(
                        orders.stream().map(PlacedOrder::id).toList(),
                        products.stream().collect(Collectors.toMap(Product::sku, product -> (long) product.received())),
                        PATIENCE.plusSeconds(10));
        assertThat(report.violations()).isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        audit();
    }

    /** Does all of these at the same time and returns when all are done. */
    static <T> List<T> atOnce(List<Callable<T>> deeds) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (Future<T> future : threads.invokeAll(deeds)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("One of many failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private synchronized PlacedOrder remember(PlacedOrder order) {
        if (orders.stream().noneMatch(known -> known.id().equals(order.id()))) {
            orders.add(order);
        }
        return order;
    }

    /**
     * The order context hears of a new product a moment later; a system that starts has no answer yet; whoever repeats
     * a request that broke off may be told that the first one is still under way.
     */
    private static boolean isFinal(Answer answer) {
        return answer.status() < 500
                && !Set.of("UNKNOWN_SKU", "REQUEST_IN_FLIGHT").contains(answer.text("code"));
    }
}
