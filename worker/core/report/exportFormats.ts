/** What a report can be written as: a page for people, tables for wikis and sheets, and the report object itself. */
export const EXPORT_FORMATS = ['html', 'md', 'csv', 'json'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
