package io.waybill.acceptance.faults;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.acceptance.audit.Client;
import io.waybill.acceptance.audit.Client.Reply;
import io.waybill.acceptance.audit.Promises;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Orders at a steady rate, whatever the system does meanwhile. Each customer behaves well: who gets no answer, or is
 * told to come again, sends the same request with the same key, when it is told to or after a while that grows.
 */
final class Customers implements AutoCloseable {

    /** As long as the gateway takes for all tries of a request, and a bit. */
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(15);
    private static final Set<String> SETTLED = Set.of("CONFIRMED", "REJECTED", "CANCELLED", "COMPENSATION_STUCK");

    /** What twenty customers in a row do, in an order that the seed shuffles. */
    private enum Purchase {
        PLAIN,
        DECLINED,
        SLOW,
        UNAVAILABLE,
        NOWHERE,
        OUT_OF_STOCK,
        CANCELLED_AT_ONCE,
        CANCELLED_LATER,
        DELIVERED,
        REFUND_FAILS
    }

    private static final List<Purchase> TWENTY = List.of(
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.PLAIN,
            Purchase.DECLINED,
            Purchase.SLOW,
            Purchase.UNAVAILABLE,
            Purchase.NOWHERE,
            Purchase.OUT_OF_STOCK,
            Purchase.CANCELLED_AT_ONCE,
            Purchase.CANCELLED_LATER,
            Purchase.DELIVERED,
            Purchase.DELIVERED,
            Purchase.REFUND_FAILS);

    /** Their currencies stand in the middle. */
    private static final List<String> PRODUCTS = List.of("FAULT-EUR-1", "FAULT-EUR-2", "FAULT-USD-1", "FAULT-JPY-1");

    private static final int PIECES = 90_000;
    private static final int TOO_MANY = 100_000;

    private final List<Client> customers;
    private final List<Client> operators;
    private final List<Purchase> purchases;
    private final Promises promises = new Promises();
    private final Rates rates;
    private final Refusals refusals = new Refusals();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger gaveUp = new AtomicInteger();
    private final ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    private volatile boolean closed;

    private Customers(List<Client> customers, List<Client> operators, long seed, Rates rates) {
        this.customers = customers;
        this.operators = operators;
        this.rates = rates;
        var shuffled = new ArrayList<>(TWENTY);
        Collections.shuffle(shuffled, new Random(seed));
        this.purchases = List.copyOf(shuffled);
    }

    /** Fills the shop and opens an account. */
    static Customers at(Rig rig, long seed, Rates rates) throws IOException {
        List<URI> gateways = rig.gateways().stream().map(Instance::address).toList();
        Client customer = Client.of(
                gateways.getFirst(),
                "customer-" + UUID.randomUUID() + "@example.org",
                UUID.randomUUID().toString(),
                ANSWER);
        customer.register();
        Client operator = Client.of(gateways.getFirst(), "operator@waybill.local", rig.operatorPassword(), ANSWER);
        for (String sku : PRODUCTS) {
            String currency = sku.substring(6, 9);
            ObjectNode offer = JsonNodeFactory.instance.objectNode().put("name", "A thing that survives");
            offer.putObject("price")
                    .put("amount", currency.equals("JPY") ? "1250" : "12.50")
                    .put("currency", currency);
            require(operator.send("PUT", "/api/products/" + sku, offer.toString()));
            require(operator.send("POST", "/api/products/" + sku + "/stock", "{\"quantity\":" + PIECES + "}"));
        }
        return new Customers(
                gateways.stream().map(customer::at).toList(),
                gateways.stream().map(operator::at).toList(),
                seed,
                rates);
    }

    private static void require(Reply reply) throws IOException {
        if (reply.status() >= 300) {
            throw new IOException("The shop could not be filled: " + reply);
        }
    }

    /** From now on so many come each second. */
    void come(double perSecond) {
        long pause = Math.round(1e9 / perSecond);
        var unused = clock.scheduleAtFixedRate(this::next, 0, pause, TimeUnit.NANOSECONDS);
    }

    /** No new ones come. */
    void stop() {
        clock.shutdownNow();
    }

    /** How many came. */
    int sent() {
        return sent.get();
    }

    /** How many are not yet done. */
    int busy() {
        return busy.get();
    }

    /** How many never got what they asked for. */
    int unserved() {
        return gaveUp.get() + busy.get();
    }

    Promises promises() {
        return promises;
    }

    Refusals refusals() {
        return refusals;
    }

    @Override
    public void close() {
        closed = true;
        clock.shutdownNow();
        hands.shutdownNow();
    }

    private void next() {
        int number = sent.getAndIncrement();
        busy.incrementAndGet();
        hands.execute(() -> {
            try {
                buy(number);
            } catch (GaveUp e) {
                gaveUp.incrementAndGet();
                System.err.println("Customer " + number + " gave up: " + e.getMessage());
            } catch (IllegalStateException e) {
                // Interrupted, because the shop closes; else it is a mistake of ours.
                if (!closed) {
                    throw e;
                }
            } finally {
                busy.decrementAndGet();
            }
        });
    }

    private void buy(int number) {
        Purchase purchase = purchases.get(number % purchases.size());
        String key = UUID.randomUUID().toString();
        String body = request(purchase, PRODUCTS.get(number % PRODUCTS.size()));
        Reply accepted = insist(customers, number, true, "POST", "/api/orders", body, "Idempotency-Key", key);
        if (accepted.status() >= 300) {
            throw new GaveUp(accepted.toString());
        }
        rates.accepted(System.nanoTime());
        String order = accepted.body().path("orderId").asText();
        promises.accepted(key, order);
        follow(purchase, number, order);
    }

    private void follow(Purchase purchase, int number, String order) {
        switch (purchase) {
            case CANCELLED_AT_ONCE -> cancel(number, order);
            case CANCELLED_LATER, REFUND_FAILS -> {
                settled(number, order);
                cancel(number, order);
            }
            case DELIVERED -> {
                if (settled(number, order).equals("CONFIRMED")) {
                    deliver(number, order);
                }
            }
            default -> {
                // One of four looks once what became of it.
                if (number % 4 == 0) {
                    Rig.pause(LONG_ENOUGH);
                    look(number, order);
                }
            }
        }
    }

    private void cancel(int number, String order) {
        Reply reply = insist(
                customers,
                number,
                false,
                "POST",
                "/api/orders/" + order + "/cancellation",
                "{\"reason\":\"I found it cheaper\"}");
        if (reply.status() == 202) {
            promises.told(order, Promises.CANCELLING);
        }
    }

    private void deliver(int number, String order) {
        String shipment = "/api/shipments/shp_" + order.substring(order.indexOf('_') + 1);
        if (insist(operators, number, false, "POST", shipment + "/dispatch", "").status() == 202) {
            promises.told(order, Promises.DISPATCHED);
            if (insist(operators, number, false, "POST", shipment + "/delivery", "")
                            .status()
                    == 202) {
                promises.told(order, "DISPATCHED");
            }
        }
    }

    /** Looks until the order is settled, less and less often. */
    private String settled(int number, String order) {
        long deadline = System.nanoTime() + LIFE.toNanos();
        for (int looks = 0; ; looks++) {
            Rig.pause(Duration.ofSeconds(1L << Math.min(looks, 3)));
            String status = look(number, order);
            if (SETTLED.contains(status)) {
                return status;
            }
            if (System.nanoTime() > deadline) {
                throw new GaveUp(order + " is still " + status);
            }
        }
    }

    /** What the order is said to be; noted down if that may not change any more. */
    private String look(int number, String order) {
        Reply reply = insist(customers, number, false, "GET", "/api/orders/" + order, "");
        String status = reply.body().path("status").asText();
        if (SETTLED.contains(status)) {
            promises.told(order, status);
        }
        return status;
    }

    /** Repeats a request at one gateway and the other until it has an answer that is one. */
    private Reply insist(
            List<Client> clients,
            int number,
            boolean counted,
            String method,
            String path,
            String body,
            String... headers) {
        long deadline = System.nanoTime() + LIFE.toNanos();
        for (int attempt = 0; ; attempt++) {
            long begin = System.nanoTime();
            Duration pause = Duration.ofMillis(250L << Math.min(attempt, 4));
            String last;
            try {
                Reply reply = clients.get((number + attempt) % clients.size()).send(method, path, body, headers);
                if (isFinal(reply)) {
                    return reply;
                }
                if (counted && reply.status() >= 500) {
                    refusals.add(reply, Duration.ofNanos(System.nanoTime() - begin));
                }
                pause = reply.retryAfter()
                        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                        .orElse(pause);
                last = reply.toString();
            } catch (IOException e) {
                if (counted) {
                    refusals.unanswered(e, Duration.ofNanos(System.nanoTime() - begin));
                }
                last = e.toString();
            }
            if (System.nanoTime() > deadline) {
                throw new GaveUp(method + " " + path + ": " + last);
            }
            Rig.pause(jittered(pause));
        }
    }

    /** The order context hears of a new product a moment later, and a repeated request may meet the first one. */
    private static boolean isFinal(Reply reply) {
        String code = reply.body().path("code").asText();
        return reply.status() < 500
                && reply.status() != 401
                && reply.status() != 429
                && !Set.of("UNKNOWN_SKU", "REQUEST_IN_FLIGHT", "ORDER_NOT_FOUND", "SHIPMENT_NOT_FOUND")
                        .contains(code);
    }

    /** So that those who were refused together do not come back together. */
    private static Duration jittered(Duration pause) {
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2 + 1));
    }

    private static String request(Purchase purchase, String sku) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("lines")
                .addObject()
                .put("sku", sku)
                .put("quantity", purchase == Purchase.OUT_OF_STOCK ? TOO_MANY : 1);
        json.putObject("shippingAddress")
                .put("name", "Grace Hopper")
                .put("street", "3 Harbour Lane")
                .put("city", "Hamburg")
                .put("postalCode", purchase == Purchase.NOWHERE ? "00000" : "20457")
                .put("country", "DE");
        String method = switch (purchase) {
            case DECLINED -> "pm_card_visa_chargeDeclined";
            case SLOW -> "pm_sandbox_slow";
            case UNAVAILABLE -> "pm_sandbox_unavailable";
            case REFUND_FAILS -> "pm_sandbox_refund_fails";
            default -> "pm_card_visa";
        };
        return json.put("paymentMethod", method).toString();
    }

    /** A customer who was never served. */
    private static final class GaveUp extends RuntimeException {

        private static final long serialVersionUID = 1L;

        GaveUp(String why) {
            super(why);
        }
    }
}
