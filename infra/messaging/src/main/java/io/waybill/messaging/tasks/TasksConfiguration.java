package io.waybill.messaging.tasks;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives a service its {@link Tasks} and works them off with the {@link TaskHandler}s it has. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TaskSettings.class)
public class TasksConfiguration {

    @Bean
    TaskTable taskTable(DataSource dataSource, TaskSettings settings) {
        return new TaskTable(JdbcClient.create(dataSource), settings.lease());
    }

    @Bean
    WakeUp taskWakeUp() {
        return new WakeUp();
    }

    @Bean
    Tasks tasks(TaskTable taskTable, WakeUp taskWakeUp) {
        return new JdbcTasks(taskTable, taskWakeUp);
    }

    @Bean
    TaskWorkers taskWorkers(
            TaskTable taskTable, WakeUp taskWakeUp, TaskSettings settings, ObjectProvider<TaskHandler> handlers) {
        return new TaskWorkers(
                taskTable, taskWakeUp, settings, handlers.orderedStream().toList());
    }
}
