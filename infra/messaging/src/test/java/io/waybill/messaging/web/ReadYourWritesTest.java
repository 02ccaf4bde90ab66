package io.waybill.messaging.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.waybill.messaging.Rejection;
import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ConsistencyToken;
import io.waybill.messaging.waiting.ConsistencyTokens;
import io.waybill.messaging.waiting.ReadModelWaits;
import jakarta.servlet.AsyncEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.method.HandlerMethod;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadYourWritesTest {

    private final ReadModelWaits waits = mock(ReadModelWaits.class);
    private final ReadYourWrites writes = new ReadYourWrites(waits, mock(ConsistencyTokens.class));
    private final CompletableFuture<Boolean> seen = new CompletableFuture<>();
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/shelves");
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final AtomicInteger dispatches = new AtomicInteger();
    private HandlerMethod handler;

    static final class Shelves {

        @AnswersFrom("shelves")
        public void list() {
            // Nobody gets here.
        }
    }

    @BeforeEach
    void hold() throws NoSuchMethodException {
        handler = new HandlerMethod(new Shelves(), "list");
        when(waits.longest()).thenReturn(Duration.ofSeconds(3));
        when(waits.await(any(), any())).thenReturn(Optional.of(seen));
        request.setAsyncSupported(true);
        request.addHeader(
                ConsistencyToken.HEADER,
                new ConsistencyToken("inventory", new Appended(new StreamPosition(1, 1), "a", "")).encoded());
        assertThat(writes.preHandle(request, response, handler)).isFalse();
        held().addDispatchHandler(dispatches::incrementAndGet);
    }

    @Test
    void whoever_is_held_goes_on_when_it_is_seen() {
        seen.complete(true);

        assertThat(dispatches).hasValue(1);
        assertThat(writes.preHandle(request, response, handler)).isTrue();
    }

    @Test
    void the_web_servers_own_time_out_is_answered_by_us() throws IOException {
        for (var listener : held().getListeners()) {
            listener.onTimeout(new AsyncEvent(held()));
        }

        assertThat(dispatches).hasValue(1);
        assertThat(seen).isDone();
        assertThatExceptionOfType(Rejection.class)
                .isThrownBy(() -> writes.preHandle(request, response, handler))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ConsistencyRejection.READ_MODEL_BEHIND));
    }

    @Test
    void who_leaves_no_longer_waits() throws IOException {
        for (var listener : held().getListeners()) {
            listener.onError(new AsyncEvent(held()));
        }

        assertThat(seen).isCancelled();
        assertThat(dispatches).hasValue(0);
    }

    private MockAsyncContext held() {
        return (MockAsyncContext) requireNonNull(request.getAsyncContext());
    }
}
