package io.waybill.standalone.demo;

import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Plays all stories and says what happened to each order. */
public final class Demo {

    /** How a story ended. */
    private record Ending(boolean right, String told) {}

    private final WaybillClient client;
    private final Outage shipping;
    private final PrintStream out;

    /**
     * Plays at the gateway of this address, as a new customer and as its operator, takes shipping away where a story
     * needs it, and prints to the given stream.
     */
    public Demo(URI gateway, String operatorPassword, Outage shipping, PrintStream out) {
        this.client = new WaybillClient(gateway, operatorPassword);
        this.shipping = shipping;
        this.out = out;
    }

    /** Returns when every story has ended: whether all ended as they should. */
    public boolean play() {
        int stories = Story.ALL.size() + 1;
        out.printf("%nPlaying %d stories, all but the last at the same time; it takes about a minute.%n", stories);
        int right = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Ending>> endings = new ArrayList<>();
            Story.ALL.forEach(story -> endings.add(threads.submit((Callable<Ending>) () -> play(story))));
            for (Future<Ending> ending : endings) {
                right += tell(ending) ? 1 : 0;
            }
        }
        right += tell(playWithoutShipping()) ? 1 : 0;
        out.printf("%n%d of %d stories ended as they should.%n", right, stories);
        return right == stories;
    }

    /** Comes last and alone, because all others need shipping. */
    private Ending playWithoutShipping() {
        shipping.begin();
        try {
            return play(Story.withoutShipping(shipping::end));
        } finally {
            shipping.end();
        }
    }

    private boolean tell(Ending ending) {
        out.println(ending.told());
        return ending.right();
    }

    private boolean tell(Future<Ending> future) {
        try {
            return tell(future.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("A story broke off", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryException("Interrupted while the stories were played");
        }
    }

    private Ending play(Story story) {
        try {
            return play(story, Journey.begin(client, story.purchase()));
        } catch (StoryException e) {
            return new Ending(false, headline(false, story) + "no order: " + e.getMessage());
        }
    }

    private static Ending play(Story story, Journey journey) {
        try {
            story.play().accept(journey);
            journey.awaitStatus(story.status());
            story.events().forEach(journey::awaitEvent);
            String ending = ending(journey.status(), journey.reason());
            boolean right = ending.equals(ending(story.status(), story.reason()));
            String told = "order %s: %s%n      ended as %s; expected %s"
                    .formatted(journey.orderId(), journey.inWords(), ending, ending(story.status(), story.reason()));
            String trace = journey.traceUrl();
            String shown = trace.isEmpty() ? "" : "%n      ".formatted() + ShownTrace.await(trace, journey.contexts());
            return new Ending(right, headline(right, story) + told + shown);
        } catch (StoryException e) {
            String told = "order %s: %s; expected %s"
                    .formatted(journey.orderId(), e.getMessage(), ending(story.status(), story.reason()));
            return new Ending(false, headline(false, story) + told);
        }
    }

    private static String headline(boolean right, Story story) {
        return "%n%-5s %s%n      ".formatted(right ? "ok" : "FAIL", story.name());
    }

    private static String ending(String status, String reason) {
        return reason.isEmpty() ? status : status + " because of " + reason;
    }
}
