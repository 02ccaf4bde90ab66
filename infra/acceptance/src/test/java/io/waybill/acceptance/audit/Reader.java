package io.waybill.acceptance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what a system shows, and what its partners wrote down. */
final class Reader {

    private static final int PAGE = 1_000;
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern COMMANDS = Pattern.compile("(?m)^waybill_commands_seconds_count\\{.*} ([0-9.E]+)$");

    private final Client operator;
    private final Client payment;
    private final Client shipping;
    private final List<Client> meters;

    Reader(Site site) {
        operator = Client.of(site.gateway(), "operator@waybill.local", site.operatorPassword(), Duration.ofSeconds(30));
        payment = Client.anonymous(site.payment());
        shipping = Client.anonymous(site.shipping());
        meters = site.meters().stream().map(Client::anonymous).toList();
    }

    /** Everything that there is. */
    Books everything(Promises promises, Replayed replayed) {
        Map<String, List<Recorded>> streams = new HashMap<>();
        for (String context : Books.CONTEXTS) {
            List<Recorded> stream = new ArrayList<>();
            pages("/api/admin/" + context + "/events", event -> stream.add(Recorded.of(event)));
            streams.put(context, stream);
        }
        Map<String, Long> received = new TreeMap<>();
        streams.get("inventory").forEach(event -> {
            if (event.type().equals("ProductListed")) {
                received.putIfAbsent(event.subject(), 0L);
            } else if (event.type().equals("StockReceived")) {
                received.merge(event.subject(), event.data().path("quantity").asLong(), Long::sum);
            }
        });
        List<OrderView> orders = new ArrayList<>();
        pages("/api/orders", order -> orders.add(OrderView.of(order)));
        Map<String, Long> available = new TreeMap<>();
        pages(
                "/api/products",
                product -> available.put(
                        product.path("sku").asText(), product.path("available").asLong()));
        return new Books(
                true,
                orders,
                calls(payment, "/sandbox/payments"),
                calls(shipping, "/sandbox/shipments"),
                received,
                available,
                streams,
                troubles(),
                promises,
                replayed);
    }

    /**
     * Some orders, and the products that nobody else bought, with the pieces that arrived of each. What is told of
     * these orders comes from their histories.
     */
    Books some(Collection<String> ids, Map<String, Long> received) {
        List<OrderView> orders = ids.stream()
                .map(id -> OrderView.of(operator.read("/api/orders/" + id)))
                .toList();
        List<Recorded> told = new ArrayList<>();
        orders.forEach(order -> operator.read("/api/orders/" + order.id() + "/history")
                .path("items")
                .forEach(item -> told.add(Recorded.of(item))));
        Map<String, Long> available = received.keySet().stream()
                .collect(Collectors.toMap(
                        sku -> sku,
                        sku -> operator.read("/api/products/" + sku)
                                .path("available")
                                .asLong()));
        return new Books(
                false,
                orders,
                callsFor(orders, payment, "/sandbox/payments?key=", OrderView::paymentId),
                callsFor(orders, shipping, "/sandbox/shipments?key=", OrderView::shipmentId),
                received,
                available,
                Map.of("order", told),
                List.of(),
                new Promises(),
                Replayed.NOTHING);
    }

    /** Rebuilds every read model, and tells what was there before and afterwards. */
    Replayed rebuild() {
        List<String> orders = new ArrayList<>();
        pages("/api/orders", order -> orders.add(order.path("orderId").asText()));
        Map<String, Long> doneBefore = done();
        Map<String, String> before = shown(orders);
        processors().stream()
                .filter(processor -> processor.path("replayable").asBoolean())
                .map(processor -> "/api/admin/%s/processors/%s/replay"
                        .formatted(
                                processor.path("context").asText(),
                                processor.path("name").asText()))
                .distinct()
                .forEach(operator::replay);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!troubles().isEmpty() && System.nanoTime() < deadline) {
            Client.pause();
        }
        return new Replayed(before, shown(orders), doneBefore, done());
    }

    /** What each address of a read model shows. */
    private Map<String, String> shown(List<String> orders) {
        Map<String, String> shown = new ConcurrentHashMap<>();
        pages("/api/orders", order -> shown.put("order " + order.path("orderId").asText(), order.toString()));
        pages(
                "/api/products",
                product -> shown.put("product " + product.path("sku").asText(), product.toString()));
        List<String> paths = new ArrayList<>();
        orders.forEach(id -> {
            String uuid = id.substring(id.indexOf('_') + 1);
            paths.add("/api/payments/pay_" + uuid);
            paths.add("/api/shipments/shp_" + uuid);
        });
        try (ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            paths.forEach(path -> all.add(readers.submit(() -> {
                shown.put(path, operator.readIfThere(path).toString());
            })));
            for (Future<?> one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Something that is shown cannot be read", e);
        }
        return shown;
    }

    /** What a replay must not do, and how often it was done so far. */
    private Map<String, Long> done() {
        Map<String, Long> done = new TreeMap<>();
        done.put("calls of the payment partner", (long)
                calls(payment, "/sandbox/payments").size());
        done.put("calls of the carrier", (long)
                calls(shipping, "/sandbox/shipments").size());
        for (String context : Books.CONTEXTS) {
            long[] events = {0};
            pages("/api/admin/" + context + "/events", event -> events[0]++);
            done.put("events in the stream of " + context, events[0]);
        }
        if (!meters.isEmpty()) {
            done.put(
                    "commands that were carried out",
                    meters.stream().mapToLong(Reader::commands).sum());
        }
        return done;
    }

    private static long commands(Client meters) {
        return COMMANDS.matcher(meters.text("/actuator/prometheus"))
                .results()
                .mapToLong(match -> (long) Double.parseDouble(match.group(1)))
                .sum();
    }

    /** What keeps processors from being at rest, and what waits for an operator. */
    private List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (JsonNode processor : processors()) {
            String name = processor.path("name").asText();
            if (!processor.path("running").asBoolean()) {
                troubles.add(name + " runs nowhere");
            } else if (processor.path("error").asBoolean()) {
                troubles.add(name + " is held up");
            } else if (processor.path("lag").asLong() > 0 || processor.hasNonNull("replaying")) {
                troubles.add(name + " is behind");
            }
        }
        operator.read("/api/admin/parked").path("items").forEach(parked -> troubles.add("parked: " + parked));
        return troubles;
    }

    private List<JsonNode> processors() {
        JsonNode all = operator.read("/api/admin/processors");
        List<JsonNode> items = new ArrayList<>();
        all.path("items").forEach(items::add);
        all.path("unavailable").forEach(context -> {
            throw new IllegalStateException(context.asText() + " does not tell of its processors");
        });
        return items;
    }

    private static List<PartnerCall> calls(Client partner, String path) {
        List<PartnerCall> calls = new ArrayList<>();
        long last = 0;
        int found;
        do {
            JsonNode items = partner.read("%s?after=%d&limit=%d".formatted(path, last, PAGE))
                    .path("items");
            found = items.size();
            for (JsonNode item : items) {
                calls.add(PartnerCall.of(item));
                last = item.path("id").asLong();
            }
        } while (found == PAGE);
        return calls;
    }

    private static List<PartnerCall> callsFor(
            List<OrderView> orders, Client partner, String path, Function<OrderView, String> key) {
        List<PartnerCall> calls = new ArrayList<>();
        orders.forEach(order ->
                partner.read(path + key.apply(order)).path("items").forEach(item -> calls.add(PartnerCall.of(item))));
        return calls;
    }

    /** Takes all parts of a list. */
    private void pages(String path, Consumer<JsonNode> item) {
        String cursor = "";
        do {
            JsonNode page = operator.read(path + "?limit=100" + cursor);
            page.path("items").forEach(item);
            String next = page.path("nextCursor").asText();
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
    }
}
