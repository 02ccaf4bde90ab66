package io.waybill.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AmqpServerIT {

    @TempDir
    Path folder;

    @Test
    void confirmed_messages_queues_and_bindings_are_there_after_the_JVM_was_killed() throws Exception {
        Victim.kill(Victim.run("amqp", folder));
        try (var server = AmqpServer.start(folder, 0);
                var connection = Victim.factory(server).newConnection();
                var channel = connection.createChannel()) {
            channel.basicPublish(
                    "notes", "note.second", MessageProperties.PERSISTENT_TEXT_PLAIN, "bound".getBytes(UTF_8));
            var first = channel.basicGet("notes", true);
            assertThat(new String(first.getBody(), UTF_8)).isEqualTo("kept");
            var second = await().until(() -> channel.basicGet("notes", true), message -> message != null);
            assertThat(new String(second.getBody(), UTF_8)).isEqualTo("bound");
        }
    }

    @Test
    void an_unroutable_message_is_returned_and_the_connection_stays_open() throws Exception {
        try (var server = AmqpServer.start(folder, 0);
                var connection = Victim.factory(server).newConnection();
                var channel = connection.createChannel()) {
            var returned = new AtomicBoolean();
            channel.addReturnListener(message -> returned.set(true));
            channel.confirmSelect();
            channel.basicPublish("", "nowhere", true, MessageProperties.PERSISTENT_TEXT_PLAIN, new byte[1]);
            await().untilTrue(returned);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void nobody_enters_without_the_password() {
        try (var server = AmqpServer.start(folder, 0)) {
            var factory = Victim.factory(server);
            factory.setPassword("guest");
            assertThatThrownBy(factory::newConnection).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_broker_that_cannot_use_its_store_says_so() throws Exception {
        Files.createFile(folder.resolve("store"));
        assertThatThrownBy(() -> AmqpServer.start(folder, 0)).isInstanceOf(EmbeddedServerException.class);
        Files.delete(folder.resolve("store"));
        AmqpServer.start(folder, 0).close();
    }

    @Test
    void a_temporary_broker_leaves_nothing_behind() {
        var server = AmqpServer.temporary();
        Path itsFolder = server.folder();
        server.close();
        assertThat(itsFolder).doesNotExist();
    }
}
