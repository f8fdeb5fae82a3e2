/** The text is no template; the message is that of Jinja. */
export class TemplateSyntaxError extends Error {
  override name = 'TemplateSyntaxError'
}

/** A template that failed while it was rendered; `kind` is the exception that Jinja raises. */
export class TemplateRenderError extends Error {
  override name = 'TemplateRenderError'
  readonly kind: string

  constructor(kind: string, message: string) {
    super(message)
    this.kind = kind
  }
}

export const typeError = (message: string) => new TemplateRenderError('TypeError', message)
