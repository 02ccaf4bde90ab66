package io.waybill.acceptance.faults.inside;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Gives a context a clock that is wrong, by {@code waybill.faults.clock}, and lets its partner be away, slow or not to
 * be understood, while a file says so that {@code waybill.faults.partner} names. Without these settings it does
 * nothing.
 */
@Configuration(proxyBeanMethods = false)
public class Disturbances {

    private static final Set<String> PARTNERS =
            Set.of("io.waybill.payment.charging.PaymentPartner", "io.waybill.shipping.booking.Carrier");

    @Bean
    static BeanPostProcessor disturbing() {
        return new Disturbing();
    }

    private static final class Disturbing implements BeanPostProcessor, EnvironmentAware {

        private Optional<Path> partnerFile = Optional.empty();
        private Optional<Duration> difference = Optional.empty();

        @Override
        public void setEnvironment(Environment environment) {
            partnerFile = Optional.ofNullable(environment.getProperty("waybill.faults.partner"))
                    .map(Path::of);
            difference = Optional.ofNullable(environment.getProperty("waybill.faults.clock"))
                    .map(Duration::parse);
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof Clock clock && difference.isPresent()) {
                return wrong(clock, difference.get());
            }
            Optional<Class<?>> partner = Arrays.stream(bean.getClass().getInterfaces())
                    .filter(type -> PARTNERS.contains(type.getName()))
                    .findFirst();
            return partner.isPresent() && partnerFile.isPresent()
                    ? moody(bean, partner.get(), partnerFile.get())
                    : bean;
        }
    }

    /** Axon has a clock of its own, which belongs to the JVM. */
    private static Clock wrong(Clock right, Duration difference) {
        Clock wrong = Clock.offset(right, difference);
        try {
            Class.forName("org.axonframework.eventhandling.GenericEventMessage")
                    .getField("clock")
                    .set(null, wrong);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Axon has another clock now", e);
        }
        return wrong;
    }

    private static Object moody(Object partner, Class<?> type, Path file) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            String mood = mood(file);
            if (mood.equals("down")) {
                throw new IllegalStateException("the partner is away");
            }
            Object answer;
            try {
                answer = method.invoke(partner, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            switch (mood) {
                // Longer than anybody waits for a partner.
                case "slow" -> Thread.sleep(Duration.ofSeconds(12));
                case "wrong" -> throw new IllegalStateException("the partner's answer cannot be understood");
                default -> {
                    // It is as it should be.
                }
            }
            return answer;
        });
    }

    private static String mood(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }
}
