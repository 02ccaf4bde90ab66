package io.waybill.acceptance.faults;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/** Meddles with the mail between contexts: brings letters twice, or late and in another order. */
final class Postman {

    private static final String EVENTS = "waybill.events";
    private static final String COMMANDS = "waybill.commands";
    private static final String COPIES = "faults.copies";
    private static final String DETOUR = "faults.detour";
    private static final Duration CONFIRM = Duration.ofSeconds(10);
    private static final Duration GATHERING = Duration.ofMillis(300);

    private final Rabbit rabbit;
    private final Random random;

    Postman(Rabbit rabbit, Random random) {
        this.rabbit = rabbit;
        this.random = random;
    }

    /** Everything that is sent meanwhile comes a second time, afterwards, in another order. */
    int bringTwice(Duration time) {
        try (Connection connection = rabbit.connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.queueDeclare(COPIES, false, true, true, Map.of());
            channel.queueBind(COPIES, EVENTS, "#");
            for (String context : Rig.CONTEXTS) {
                channel.queueBind(COPIES, COMMANDS, context + ".commands");
            }
            Rig.pause(time);
            List<GetResponse> letters = takeAll(channel);
            Collections.shuffle(letters, random);
            channel.queueDelete(COPIES);
            for (GetResponse letter : letters) {
                channel.basicPublish(
                        letter.getEnvelope().getExchange(),
                        letter.getEnvelope().getRoutingKey(),
                        letter.getProps(),
                        letter.getBody());
            }
            channel.waitForConfirmsOrDie(CONFIRM.toMillis());
            return letters.size();
        } catch (IOException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException("The mail could not be brought twice", e);
        }
    }

    /** The letters to a queue make a detour, on which they are shuffled; none is lost. */
    int shuffle(String queue, Duration time) {
        int shuffled = 0;
        try (Connection connection = rabbit.connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            List<List<String>> bindings = bindings(queue);
            channel.queueDeclare(DETOUR, true, false, false, Map.of());
            for (List<String> binding : bindings) {
                channel.queueBind(DETOUR, binding.get(0), binding.get(1));
                channel.queueUnbind(queue, binding.get(0), binding.get(1));
            }
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                Rig.pause(GATHERING);
                shuffled += forward(channel, queue);
            }
            for (List<String> binding : bindings) {
                channel.queueBind(queue, binding.get(0), binding.get(1));
                channel.queueUnbind(DETOUR, binding.get(0), binding.get(1));
            }
            shuffled += forward(channel, queue);
            channel.queueDelete(DETOUR, false, true);
            return shuffled;
        } catch (IOException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException("The mail could not be shuffled", e);
        }
    }

    private int forward(Channel channel, String queue) throws IOException, TimeoutException, InterruptedException {
        List<GetResponse> letters = new ArrayList<>();
        List<Long> tags = new ArrayList<>();
        GetResponse next;
        while ((next = channel.basicGet(DETOUR, false)) != null) {
            letters.add(next);
            tags.add(next.getEnvelope().getDeliveryTag());
        }
        Collections.shuffle(letters, random);
        for (GetResponse letter : letters) {
            channel.basicPublish("", queue, letter.getProps(), letter.getBody());
        }
        channel.waitForConfirmsOrDie(CONFIRM.toMillis());
        if (!tags.isEmpty()) {
            channel.basicAck(tags.getLast(), true);
        }
        return letters.size();
    }

    /** Exchange and key of each, as every process declares them. */
    private static List<List<String>> bindings(String queue) {
        return switch (queue) {
            case "order.inbox" ->
                List.of(List.of(EVENTS, "payment.*"), List.of(EVENTS, "inventory.*"), List.of(EVENTS, "shipping.*"));
            case "inventory.inbox" -> List.of(List.of(EVENTS, "shipping.shipment-dispatched"));
            default -> List.of(List.of(COMMANDS, queue));
        };
    }

    private static List<GetResponse> takeAll(Channel channel) throws IOException {
        List<GetResponse> letters = new ArrayList<>();
        GetResponse next;
        while ((next = channel.basicGet(COPIES, true)) != null) {
            letters.add(next);
        }
        return letters;
    }
}
