package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ContextEventsTest {

    private final ShutdownSignalException lost = new ShutdownSignalException(true, false, null, null);

    private final ConnectionFactory connections = mock(ConnectionFactory.class);
    private final Connection bare = mock(Connection.class);
    private final Channel first = channel();
    private final Channel second = channel();
    private final EventFeed feed = new EventFeed();
    private final ContextEvents events = new ContextEvents(
            connections, mock(AnswerStore.class), feed, new ObjectMapper(), "", new SimpleMeterRegistry());

    @BeforeEach
    void the_broker_gives_one_channel_after_the_other() throws IOException {
        var connection = mock(org.springframework.amqp.rabbit.connection.Connection.class);
        when(connections.createConnection()).thenReturn(connection);
        when(connection.getDelegate()).thenReturn(bare);
        when(bare.createChannel()).thenReturn(first, second);
    }

    @AfterEach
    void stop() {
        events.stop();
    }

    @Test
    void are_heard_once_the_queue_is_listened_to() throws IOException {
        var heardBefore = new AtomicReference<Boolean>();
        whenListenedTo(first, listener -> heardBefore.set(feed.isConnected()));

        events.start();

        await().until(feed::isConnected);
        assertThat(heardBefore).hasValue(false);
        verify(first, never()).abort();
    }

    @Test
    void are_not_heard_through_a_channel_that_dies_before_it_is_listened_to() throws IOException {
        doThrow(new AlreadyClosedException(lost))
                .when(first)
                .basicConsume(anyString(), anyBoolean(), any(Consumer.class));
        doThrow(new IOException("no")).when(second).exchangeDeclarePassive(anyString());

        events.start();

        verify(second, timeout(10_000)).abort();
        verify(first).abort();
        assertThat(feed.isConnected()).isFalse();
    }

    @Test
    void are_not_heard_through_a_channel_that_dies_while_it_is_set_up() throws IOException {
        var shutdown = new AtomicReference<ShutdownListener>();
        doAnswer(call -> {
                    shutdown.set(call.getArgument(0));
                    return null;
                })
                .when(first)
                .addShutdownListener(any());
        whenListenedTo(first, listener -> shutdown.get().shutdownCompleted(lost));
        doThrow(new IOException("no")).when(second).exchangeDeclarePassive(anyString());

        events.start();

        verify(first, timeout(10_000)).abort();
        assertThat(feed.isConnected()).isFalse();
    }

    @Test
    void are_looked_for_again_after_a_failure_that_nobody_thought_of() throws IOException {
        doThrow(new IllegalStateException("never thought of")).when(first).basicQos(anyInt());

        events.start();

        await().until(feed::isConnected);
        verify(first).abort();
    }

    private interface Listened {
        void by(Consumer listener) throws IOException;
    }

    private static void whenListenedTo(Channel channel, Listened then) throws IOException {
        when(channel.basicConsume(anyString(), anyBoolean(), any(Consumer.class)))
                .thenAnswer(call -> {
                    then.by(call.getArgument(2));
                    return "tag";
                });
    }

    private static Channel channel() {
        var channel = mock(Channel.class);
        var open = new AtomicBoolean(true);
        when(channel.isOpen()).then(call -> open.get());
        try {
            doAnswer(call -> {
                        open.set(false);
                        return null;
                    })
                    .when(channel)
                    .abort();
        } catch (IOException e) {
            throw new UncheckedIOException("a mock throws nothing", e);
        }
        return channel;
    }
}
