package io.waybill.standalone.demo;

import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures how long an order takes from its POST to CONFIRMED in a system that has nothing else to do, in rounds that
 * alternate with plain reads of one product, so that the figures can be compared between machines; then places a
 * hundred orders at once and looks how they end. Takes the gateway's address as its only argument; it must be on this
 * machine.
 */
public final class OrderLatency {

    private static final int ROUNDS = 5;
    private static final int PER_ROUND = 40;
    private static final int WARM_UP = 40;
    private static final int AT_ONCE = 100;
    private static final Map<String, String> WAIT = Map.of("Prefer", "wait=25");

    private final WaybillClient client;
    private final PrintStream out;
    private final String sku;

    private OrderLatency(WaybillClient client, PrintStream out) {
        this.client = client;
        this.out = out;
        this.sku = mostAvailable(client);
    }

    public static void main(String[] args) {
        URI gateway = args.length == 1 ? URI.create(args[0]) : URI.create("http://127.0.0.1:8080");
        if (!List.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(gateway.getHost()))) {
            System.err.println("The gateway must be on this machine, for example http://127.0.0.1:8080");
            System.exit(2);
        }
        boolean allRight = new OrderLatency(new WaybillClient(gateway, ""), System.out).run();
        System.exit(allRight ? 0 : 1);
    }

    private static String mostAvailable(WaybillClient client) {
        String best = "";
        int most = 0;
        for (var product : client.products().orFail().body().path("items")) {
            if (product.path("available").asInt() > most) {
                most = product.path("available").asInt();
                best = product.path("sku").asText();
            }
        }
        if (most < WARM_UP + ROUNDS * PER_ROUND + AT_ONCE) {
            throw new StoryException("No product has enough pieces left for the benchmark; take a fresh data folder.");
        }
        return best;
    }

    private boolean run() {
        for (int i = 0; i < WARM_UP; i++) {
            read();
            order();
        }
        List<Double> reads = new ArrayList<>();
        List<Double> orders = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            repeat(reads, this::read);
            repeat(orders, this::order);
        }
        print("read a product", reads);
        print("order to CONFIRMED", orders);
        out.printf("one order takes as long as %.1f reads (medians)%n", at(orders, 50) / at(reads, 50));
        return placeAtOnce();
    }

    private static void repeat(List<Double> millis, Runnable action) {
        for (int i = 0; i < PER_ROUND; i++) {
            long begin = System.nanoTime();
            action.run();
            millis.add((System.nanoTime() - begin) / 1e6);
        }
    }

    private void read() {
        client.get("/api/products/" + sku).orFail();
    }

    private void order() {
        String status = client.placeOrder(Purchase.of(sku, 1), WAIT).orFail().text("status");
        if (!status.equals("CONFIRMED")) {
            throw new StoryException("An order ended as " + status + " instead of CONFIRMED");
        }
    }

    private boolean placeAtOnce() {
        long begin = System.nanoTime();
        int confirmed = 0;
        try (ExecutorService customers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> placed = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                placed.add(customers.submit(this::order));
            }
            for (Future<?> one : placed) {
                try {
                    one.get();
                    confirmed++;
                } catch (ExecutionException e) {
                    out.println(e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        out.printf(
                "%d of %d orders placed at once were CONFIRMED, within %.1f s%n",
                confirmed, AT_ONCE, (System.nanoTime() - begin) / 1e9);
        return confirmed == AT_ONCE;
    }

    private void print(String what, List<Double> millis) {
        out.printf(
                "%-20s p50 %6.1f ms   p90 %6.1f ms   p99 %6.1f ms   max %6.1f ms   (%d)%n",
                what, at(millis, 50), at(millis, 90), at(millis, 99), at(millis, 100), millis.size());
    }

    private static double at(List<Double> millis, int percent) {
        double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * percent / 100.0) - 1)];
    }
}
