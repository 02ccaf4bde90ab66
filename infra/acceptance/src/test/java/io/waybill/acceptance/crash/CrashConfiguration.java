package io.waybill.acceptance.crash;

import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;

/** Puts the watches into a context, where its process has a tripwire. Spring Boot finds it on the class path. */
@Configuration(proxyBeanMethods = false)
public class CrashConfiguration {

    @Bean
    static BeanPostProcessor crashWatches() {
        return Tripwire.isLaid() ? new Watches(Tripwire.ofThisProcess()) : new BeanPostProcessor() {};
    }

    private static final class Watches implements BeanPostProcessor, PriorityOrdered {

        private final WatchedDatabase database;
        private final WatchedBroker broker;
        private final WatchedCalls calls;
        private volatile DataSource dataSource;

        Watches(Tripwire tripwire) {
            database = new WatchedDatabase(tripwire);
            broker = new WatchedBroker(tripwire);
            calls = new WatchedCalls(tripwire, () -> dataSource);
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof DataSource found) {
                dataSource = found;
                return database.before(found);
            }
            return WatchedBroker.isOne(bean) ? broker.before(bean) : calls.before(bean);
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }
    }
}
