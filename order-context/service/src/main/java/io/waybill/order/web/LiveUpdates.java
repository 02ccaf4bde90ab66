package io.waybill.order.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.waiting.ReadModelNews;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderSummary;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * The live streams of this process. A stream holds no thread: it is written to when its client takes something, read
 * for when there is news of its order, and looked after by one thread that serves all of them.
 */
@Component
final class LiveUpdates implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LiveUpdates.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final OrderLookup orders;
    private final ReadModelNews news;
    private final OrderReaders readers;
    private final ObjectMapper json;
    private final WatchingSettings settings;
    private final Set<LiveStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile @Nullable ScheduledExecutorService caretaker;

    LiveUpdates(
            OrderLookup orders,
            ReadModelNews news,
            OrderReaders readers,
            ObjectMapper json,
            WatchingSettings settings) {
        this.orders = orders;
        this.news = news;
        this.readers = readers;
        this.json = json;
        this.settings = settings;
    }

    /**
     * Answers a request with a stream; with 204, which tells clients to come no more, where nothing can follow what
     * they know.
     */
    void stream(OrderSummary order, @Nullable String after, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        OrderId id = order.orderId();
        boolean over = isOver(order);
        // The history tells of an end before the summary does. Who comes back in between has heard of it already.
        if (after != null
                && orders.historyAfter(id, after).isEmpty()
                && (over || orders.history(id).stream().anyMatch(Ending::of))) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (caretaker == null || count.incrementAndGet() > settings.maxStreams()) {
            count.decrementAndGet();
            response.setHeader("Retry-After", Long.toString(settings.retry().toSeconds()));
            throw new Rejection(OrderRejection.TOO_MANY_STREAMS, "Too many clients follow orders now. Try again.");
        }
        // A stream that never ends has no tag, and must not be kept back to make one.
        ShallowEtagHeaderFilter.disableContentCaching(request);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        LiveStream stream = new LiveStream(
                request.startAsync(),
                readers,
                cursor -> events(orders.historyAfter(id, cursor), over),
                "retry:" + settings.retry().toMillis() + "\n\n",
                after);
        open.add(stream);
        ReadModelNews.Subscription subscription = news.listen(OrderWaits.READ_MODEL, id.value(), stream::news);
        stream.begin(() -> {
            subscription.close();
            if (open.remove(stream)) {
                count.decrementAndGet();
            }
        });
    }

    /** How many streams are open. */
    int size() {
        return count.get();
    }

    private LiveStream.News events(List<OrderHistoryEntry> entries, boolean over) {
        StringBuilder text = new StringBuilder();
        boolean last = over;
        String cursor = null;
        for (OrderHistoryEntry entry : entries) {
            text.append("id:")
                    .append(entry.cursor())
                    .append("\nevent:")
                    .append(entry.type())
                    .append("\ndata:")
                    .append(write(entry))
                    .append("\n\n");
            cursor = entry.cursor();
            last |= Ending.of(entry);
        }
        return new LiveStream.News(text.toString(), cursor, last);
    }

    private static boolean isOver(OrderSummary order) {
        return switch (order.status()) {
            case DELIVERED, REJECTED, CANCELLED -> true;
            case PLACED, PAID, RESERVED, CONFIRMED, DISPATCHED, CANCELLING, COMPENSATION_STUCK -> false;
        };
    }

    private String write(OrderHistoryEntry entry) {
        try {
            return json.writeValueAsString(HistoryView.Item.of(entry));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An entry of a history cannot be written as JSON", e);
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "live-updates");
            thread.setDaemon(true);
            return thread;
        });
        var unused =
                executor.scheduleWithFixedDelay(this::care, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        caretaker = executor;
    }

    /** Before the web server waits for requests under way: the default phase is the first to stop. */
    @Override
    public void stop() {
        ScheduledExecutorService executor = caretaker;
        caretaker = null;
        if (executor != null) {
            executor.shutdownNow();
        }
        open.forEach(LiveStream::end);
    }

    @Override
    public boolean isRunning() {
        return caretaker != null;
    }

    private void care() {
        long now = System.nanoTime();
        for (LiveStream stream : open) {
            try {
                stream.care(now, settings);
            } catch (RuntimeException e) {
                // The others still need care.
                LOG.warn("A live stream cannot be looked after", e);
            }
        }
    }
}
