package io.waybill.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LiveStreamTest {

    private static final WatchingSettings SETTINGS = new WatchingSettings(
            1, 1, Duration.ofSeconds(15), Duration.ofMinutes(30), Duration.ofSeconds(30), Duration.ofSeconds(2));

    private final Client client = new Client();
    private final AsyncContext request = mock(AsyncContext.class);
    private final Queue<Runnable> reads = new ArrayDeque<>();
    private final List<@Nullable String> asked = new ArrayList<>();
    private final List<String> closings = new ArrayList<>();
    private int events;
    private boolean over;
    private final LiveStream stream = new LiveStream(request, reads::add, this::after, "retry:2000\n\n", null);

    private LiveStream.News after(@Nullable String cursor) {
        asked.add(cursor);
        int known = cursor == null ? 0 : Integer.parseInt(cursor);
        StringBuilder text = new StringBuilder();
        for (int id = known + 1; id <= events; id++) {
            text.append("id:").append(id).append("\n\n");
        }
        return new LiveStream.News(text.toString(), events > known ? Integer.toString(events) : null, over);
    }

    @BeforeEach
    void open() throws IOException {
        ServletResponse response = mock(ServletResponse.class);
        when(request.getResponse()).thenReturn(response);
        when(response.getOutputStream()).thenReturn(client);
        stream.begin(() -> closings.add("closed"));
        stream.onWritePossible();
    }

    private void read() {
        while (!reads.isEmpty()) {
            reads.remove().run();
        }
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void sends_what_is_new_and_nothing_twice() {
        events = 2;
        read();
        events = 3;
        stream.news();
        stream.news();
        read();
        assertThat(client.taken()).isEqualTo("retry:2000\n\nid:1\n\nid:2\n\nid:3\n\n");
    }

    @Test
    void keeps_no_more_than_one_read_for_a_client_that_is_slow() {
        read();
        client.ready = false;
        for (events = 1; events <= 1_000; events++) {
            stream.news();
            read();
        }
        events = 1_000;
        // What could not be sent was read once; all the rest is only known to be there.
        assertThat(asked).hasSize(2);

        client.ready = true;
        stream.onWritePossible();
        read();
        assertThat(asked).hasSize(3);
        assertThat(client.taken()).endsWith("id:999\n\nid:1000\n\n").contains("\nid:1\n", "\nid:2\n");
    }

    @Test
    void gives_up_a_client_that_takes_nothing() {
        read();
        client.ready = false;
        events = 1;
        stream.news();
        read();
        stream.care(in(Duration.ofSeconds(29)), SETTINGS);
        assertThat(closings).isEmpty();
        stream.care(in(Duration.ofSeconds(31)), SETTINGS);
        assertThat(closings).containsExactly("closed");
        verify(request).complete();
    }

    @Test
    void shows_that_it_is_there() {
        read();
        stream.care(in(Duration.ofSeconds(14)), SETTINGS);
        assertThat(client.taken()).isEqualTo("retry:2000\n\n");
        stream.care(in(Duration.ofSeconds(16)), SETTINGS);
        assertThat(client.taken()).isEqualTo("retry:2000\n\n:\n\n");
    }

    @Test
    void ends_after_the_last_event() {
        events = 1;
        over = true;
        read();
        assertThat(client.taken()).endsWith("id:1\n\n");
        assertThat(closings).containsExactly("closed");
    }

    @Test
    void ends_when_it_has_lasted_long_enough() {
        read();
        stream.care(in(Duration.ofMinutes(31)), SETTINGS);
        assertThat(closings).containsExactly("closed");
    }

    @Test
    void ends_once_when_the_client_leaves() {
        read();
        client.gone = true;
        events = 1;
        stream.news();
        read();
        stream.onError(new IOException("gone"));
        stream.onError(mock(AsyncEvent.class));
        stream.end();
        assertThat(closings).containsExactly("closed");
    }

    /** What the container gives to write to. */
    private static final class Client extends ServletOutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean ready = true;
        private boolean gone;

        String taken() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int b) throws IOException {
            if (gone) {
                throw new IOException("gone");
            }
            assertThat(ready).isTrue();
            bytes.write(b);
        }
    }
}
