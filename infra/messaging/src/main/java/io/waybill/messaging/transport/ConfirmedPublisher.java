package io.waybill.messaging.transport;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ReturnListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.support.DefaultMessagePropertiesConverter;
import org.springframework.amqp.rabbit.support.MessagePropertiesConverter;

/** Publishes batches and returns only when the broker has taken responsibility for all of a batch. */
final class ConfirmedPublisher {

    /** @param mustBeHeard whether it is a failure if no queue takes it */
    record Outgoing(String exchange, String routingKey, boolean mustBeHeard, Message message) {}

    private final RabbitTemplate template;
    private final Duration timeout;
    private final MessagePropertiesConverter converter = new DefaultMessagePropertiesConverter();

    ConfirmedPublisher(RabbitTemplate template, Duration timeout) {
        this.template = template;
        this.timeout = timeout;
    }

    /** @throws AmqpException if a message was refused or returned, or the confirms did not come in time */
    void publish(List<Outgoing> batch) {
        if (!batch.isEmpty()) {
            template.execute(channel -> publish(channel, batch));
        }
    }

    private Boolean publish(Channel channel, List<Outgoing> batch) throws IOException {
        List<String> returned = new ArrayList<>();
        ReturnListener listener = (code, text, exchange, routingKey, properties, body) -> {
            synchronized (returned) {
                returned.add(routingKey + ": " + text);
            }
        };
        channel.addReturnListener(listener);
        try {
            channel.confirmSelect();
            for (Outgoing outgoing : batch) {
                AMQP.BasicProperties properties =
                        converter.fromMessageProperties(outgoing.message().getMessageProperties(), "UTF-8");
                channel.basicPublish(
                        outgoing.exchange(),
                        outgoing.routingKey(),
                        outgoing.mustBeHeard(),
                        properties,
                        outgoing.message().getBody());
            }
            boolean allTaken = channel.waitForConfirms(timeout.toMillis());
            synchronized (returned) {
                if (!returned.isEmpty()) {
                    throw new AmqpException("The broker has no queue for " + returned.get(0));
                }
            }
            if (!allTaken) {
                throw new AmqpException("The broker refused a message");
            }
            return true;
        } catch (TimeoutException e) {
            // The channel still waits for these confirms and must not be used for others.
            channel.abort();
            throw new AmqpException("The broker did not confirm in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AmqpException("Interrupted while waiting for the broker", e);
        } finally {
            channel.removeReturnListener(listener);
        }
    }
}
