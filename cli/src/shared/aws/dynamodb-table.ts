import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { PERIOD_INDEX } from '@music-etl/contracts';
import type { KpiTable } from '../ports.ts';
import type { Item } from './item.ts';

/** The table of KPIs in DynamoDB; reads it page by page. */
export class DynamoKpiTable implements KpiTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async *partition(metricKey: string, from: string, to: string): AsyncIterable<Item> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: 'metric_key = :key AND #period BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#period': 'period' },
        ExpressionAttributeValues: { ':key': { S: metricKey }, ':from': { S: from }, ':to': { S: to } },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }

  async *period(periodKey: string): AsyncIterable<Item> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        IndexName: PERIOD_INDEX,
        KeyConditionExpression: 'period_key = :key',
        ExpressionAttributeValues: { ':key': { S: periodKey } },
      },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }
}
