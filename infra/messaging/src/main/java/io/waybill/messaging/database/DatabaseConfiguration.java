package io.waybill.messaging.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has the pool that Spring Boot sets up connect by way of a {@link ReconnectingDataSource}. */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {

    @Bean
    static DatabaseReach databaseReach() {
        return new DatabaseReach();
    }

    @Bean
    static BeanPostProcessor reconnectingPools(ObjectProvider<DatabaseReach> reach) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool && pool.getDataSource() == null) {
                    DataSource driver = new DriverDataSource(
                            pool.getJdbcUrl(),
                            pool.getDriverClassName(),
                            pool.getDataSourceProperties(),
                            pool.getUsername(),
                            pool.getPassword());
                    var server = new ReconnectingDataSource(driver, pool::isClosed);
                    pool.setDataSource(server);
                    reach.getObject().watch(pool, server);
                }
                return bean;
            }
        };
    }
}
